using System;
using System.Collections.Generic;
using System.Text;
using Memcachier.Kernel.Sim;

namespace Memcachier.Management.Http.Fuzz;

/// <summary>
/// Says the same to two servers, to one in one piece and to the other cut anyhow. Both must answer the same, well framed,
/// what the <see cref="Model"/> expects, and ask their sites what it expects: nothing that is in a body is ever a request.
/// </summary>
public sealed class Fuzzer
{
    private const int WarmUpCount = 100;

    // The compiler of the host may allocate now and then.
    private const int AllocationCountMax = 3;

    private readonly Grammar _grammar;
    private readonly Subject _whole;
    private readonly Subject _pieces;
    private int _allocationCount;

    public Fuzzer(ulong seed)
    {
        Seed = seed;
        _grammar = new Grammar(seed);
        _whole = new Subject(seed);
        _pieces = new Subject(seed + 1, outputCapacity: 4000);
    }

    public ulong Seed { get; }

    /// <summary>Inputs that were said.</summary>
    public long Count { get; private set; }

    /// <summary>Requests that the sites were asked.</summary>
    public long RequestCount => _whole.Log.BegunCount;

    /// <summary>Requests that were refused.</summary>
    public long RefusedCount => _whole.Server.Counters.RequestsRefused;

    /// <summary>Thinks of an input and says it.</summary>
    /// <exception cref="FuzzFailure">Something that must never happen did.</exception>
    public void Step() => Try(_grammar.Next());

    /// <summary>Says this one.</summary>
    /// <exception cref="FuzzFailure">Something that must never happen did.</exception>
    public void Try(byte[] input)
    {
        Count++;
        try
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            _whole.Converse(input, input.Length);
            _pieces.Converse(input);
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > 0 && Count > WarmUpCount && ++_allocationCount > AllocationCountMax)
            {
                throw new FuzzFailure($"{allocated} bytes were allocated, and not for the first time");
            }
            Judge(input);
        }
        catch (Exception e)
        {
            throw new FuzzFailure($"seed {Seed}, input {Count}: {e.Message}\nsaid: {Octets.Escape(input)}", e);
        }
    }

    private void Judge(byte[] input)
    {
        if (!_whole.Answer.SequenceEqual(_pieces.Answer) || _whole.HasClosed != _pieces.HasClosed)
        {
            throw new FuzzFailure(
                $"cut otherwise, it is answered otherwise:\n{Octets.Escape(_whole.Answer)}\n{Octets.Escape(_pieces.Answer)}");
        }
        var model = new Model(input);
        string log = Encoding.Latin1.GetString(_whole.Log.Lines);
        if (log != model.Log) throw new FuzzFailure($"asked {log}, expected {model.Log}");
        if (_whole.HasClosed != model.IsClosed) throw new FuzzFailure($"expected to close: {model.IsClosed}");
        // What breaks its promise cannot be well framed.
        if (_whole.HasAborted) return;
        IReadOnlyList<Reply> replies = ReplyReader.Read(_whole.Answer, model.IsHead);
        if (replies.Count != model.Statuses.Count) throw new FuzzFailure($"{replies.Count} answers, expected {model.Statuses.Count}");
        for (int i = 0; i < replies.Count; i++)
        {
            int expected = model.Statuses[i];
            bool isRight = expected == Model.Refused ? replies[i].Status >= 400 && replies[i].Closes : replies[i].Status == expected;
            if (!isRight) throw new FuzzFailure($"{replies[i].Status}, expected {expected}");
        }
    }
}
