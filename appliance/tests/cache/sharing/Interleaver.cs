using System;
using System.Threading;
using Memcachier.Cache;

namespace Memcachier.Appliance.Tests.Cache.Sharing;

/// <summary>
/// Runs an owner and a reader step by step, never both at once, in every order that has at most so many preemptions
/// (Musuvathi and Qadeer, "Iterative context bounding", 2007). Where one waits for the other, that one goes on; that is
/// no preemption.
/// </summary>
internal sealed class Interleaver : ISharedObserver, IDisposable
{
    private const int Owner = 0;
    private const int Reader = 1;
    private const int WaitMax = 10_000;

    [ThreadStatic]
    private static int? s_actor;

    private readonly SemaphoreSlim[] _turns = [new(0), new(0)];
    private readonly bool[] _isDone = new bool[2];
    private readonly Exception?[] _failures = new Exception?[2];
    private readonly Thread _readerThread;
    private readonly SemaphoreSlim _ended = new(0);
    private int[] _preemptions = [];
    private int _steps;
    private int _waits;
    private Action? _read;

    public Interleaver()
    {
        _readerThread = new Thread(RunReader) { IsBackground = true };
        _readerThread.Start();
        Shared.Observer = this;
    }

    /// <summary>Schedules that were run.</summary>
    public int Count { get; private set; }

    public void Dispose()
    {
        Shared.Observer = null;
        _read = null;
        _ = _turns[Reader].Release();
        _readerThread.Join();
        foreach (SemaphoreSlim turn in _turns) turn.Dispose();
        _ended.Dispose();
    }

    /// <summary>Runs the scenario in all orders; a failure says which.</summary>
    public void RunAll(Func<IScenario> create, int preemptionMax)
    {
        foreach (int first in new[] { Owner, Reader }) Explore(create, first, [], preemptionMax);
    }

    void ISharedObserver.Step()
    {
        if (s_actor is not int actor) return;
        _waits = 0;
        int step = _steps++;
        if (Array.IndexOf(_preemptions, step) >= 0) Yield(actor);
    }

    void ISharedObserver.Wait()
    {
        if (s_actor is not int actor) return;
        if (++_waits > WaitMax) throw new InvalidOperationException("both wait");
        Yield(actor);
    }

    private void Explore(Func<IScenario> create, int first, int[] preemptions, int preemptionMax)
    {
        int steps = Run(create, first, preemptions);
        if (preemptionMax == 0) return;
        int next = preemptions.Length == 0 ? 0 : preemptions[^1] + 1;
        for (int step = next; step < steps; step++) Explore(create, first, [.. preemptions, step], preemptionMax - 1);
    }

    private int Run(Func<IScenario> create, int first, int[] preemptions)
    {
        IScenario scenario = create();
        Count++;
        _preemptions = preemptions;
        _steps = 0;
        _waits = 0;
        Array.Clear(_isDone);
        Array.Clear(_failures);
        _read = scenario.Read;
        _ = _turns[first].Release();
        RunActor(Owner, scenario.Own);
        _ended.Wait();
        scenario.Dispose();
        foreach (Exception? failure in _failures)
        {
            if (failure == null) continue;
            throw new InvalidOperationException(
                $"{(first == Owner ? "owner" : "reader")} first, preempted at [{string.Join(", ", preemptions)}]", failure);
        }
        return _steps;
    }

    private void RunReader()
    {
        while (true)
        {
            _turns[Reader].Wait();
            if (_read == null) return;
            _ = _turns[Reader].Release();
            RunActor(Reader, _read);
            _ = _ended.Release();
        }
    }

    private void RunActor(int actor, Action act)
    {
        _turns[actor].Wait();
        s_actor = actor;
        try
        {
            act();
        }
        catch (Exception failure)
        {
            _failures[actor] = failure;
        }
        s_actor = null;
        _isDone[actor] = true;
        if (!_isDone[1 - actor]) _ = _turns[1 - actor].Release();
    }

    private void Yield(int actor)
    {
        if (_isDone[1 - actor]) return;
        _ = _turns[1 - actor].Release();
        _turns[actor].Wait();
    }
}
