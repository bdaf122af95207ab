using System;
using System.Collections.Generic;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>
/// Makes a failing sequence short (delta debugging, Zeller and Hildebrandt 2002): leaves out ever smaller parts of it,
/// then makes what is left simpler, as long as it still fails.
/// </summary>
internal sealed class Shrinker
{
    /// <summary>Better a long report than none today.</summary>
    private const int AttemptCountMax = 5000;

    private readonly Func<IReadOnlyList<Operation>, bool> _fails;
    private List<Operation> _operations;
    private int _attemptCount;

    private Shrinker(List<Operation> operations, Func<IReadOnlyList<Operation>, bool> fails)
    {
        _operations = operations;
        _fails = fails;
    }

    /// <param name="operations">A sequence that fails.</param>
    public static List<Operation> Shrink(
        IReadOnlyList<Operation> operations, Func<IReadOnlyList<Operation>, bool> fails)
    {
        var shrinker = new Shrinker([.. operations], fails);
        do
        {
            while (shrinker.TryShorten() | shrinker.TryMerge()) { }
        }
        while (shrinker.TrySimplify());
        return shrinker._operations;
    }

    private bool TryShorten()
    {
        bool isShorter = false;
        for (int length = Math.Max(1, _operations.Count / 2); length > 0; length /= 2)
        {
            for (int start = _operations.Count - length; start >= 0; start -= length)
            {
                start = Math.Min(start, _operations.Count - length);
                if (start < 0) break;
                List<Operation> shorter = [.. _operations];
                shorter.RemoveRange(start, length);
                isShorter |= TryKeep(shorter);
            }
        }
        return isShorter;
    }

    private bool TrySimplify()
    {
        bool isSimpler = false;
        for (int i = 0; i < _operations.Count; i++)
        {
            foreach (Operation simpler in Simpler(_operations[i]))
            {
                List<Operation> operations = [.. _operations];
                operations[i] = simpler;
                if (!TryKeep(operations)) continue;
                isSimpler = true;
                i--;
                break;
            }
        }
        return isSimpler;
    }

    /// <summary>Two waits that follow each other become a longer one.</summary>
    private bool TryMerge()
    {
        bool isShorter = false;
        for (int i = _operations.Count - 2; i >= 0; i--)
        {
            if (_operations[i].Verb != Verb.Sleep || _operations[i + 1].Verb != Verb.Sleep) continue;
            List<Operation> operations = [.. _operations];
            operations[i] = operations[i] with { Exptime = operations[i].Exptime + operations[i + 1].Exptime };
            operations.RemoveAt(i + 1);
            isShorter |= TryKeep(operations);
        }
        return isShorter;
    }

    private bool TryKeep(List<Operation> operations)
    {
        if (_attemptCount == AttemptCountMax) return false;
        _attemptCount++;
        if (!_fails(operations)) return false;
        _operations = operations;
        return true;
    }

    /// <summary>Every one is simpler than the operation by some measure that only ever falls, so this ends.</summary>
    private static IEnumerable<Operation> Simpler(Operation operation)
    {
        if (operation.Keys.Length > 1)
        {
            foreach (string key in operation.Keys) yield return operation with { Keys = [key] };
        }
        if (operation.Verb is Verb.Add or Verb.Replace or Verb.Cas)
        {
            yield return operation with { Verb = Verb.Set, IsCasSeen = false };
        }
        if (operation.Verb == Verb.Gat) yield return operation with { Verb = Verb.Get, Exptime = 0 };
        if (operation.Verb == Verb.Gats) yield return operation with { Verb = Verb.Gets, Exptime = 0 };
        if (operation.Verb == Verb.Gets) yield return operation with { Verb = Verb.Get };
        if (operation.IsNoReply) yield return operation with { IsNoReply = false };
        if (operation.IsCasSeen) yield return operation with { IsCasSeen = false };
        if (operation.Flags > 1) yield return operation with { Flags = 1 };
        if (operation.Flags > 0) yield return operation with { Flags = 0 };
        if (operation.Delta > 1) yield return operation with { Delta = 1 };
        if (operation.Exptime != 0 && operation.Verb != Verb.Sleep) yield return operation with { Exptime = 0 };
        if (operation.Exptime > 1) yield return operation with { Exptime = 1 };
        if (operation.Exptime > 3) yield return operation with { Exptime = 3 };
        if (operation.Exptime > 3) yield return operation with { Exptime = operation.Exptime / 2 };
        if (operation.Exptime > 1) yield return operation with { Exptime = operation.Exptime - 1 };
        foreach (MetaArguments meta in operation.Meta.Simpler()) yield return operation with { Meta = meta };
        Payload value = operation.Value;
        if (value.Length > 0) yield return operation with { Value = default };
        if (value.NoiseLength > 0)
        {
            yield return operation with { Value = new Payload(value.Text) };
            yield return operation with { Value = value with { NoiseLength = value.NoiseLength / 2 } };
            yield return operation with { Value = value with { NoiseLength = value.NoiseLength - 1 } };
        }
        else if (value.Length > 0 && value.Text is not ("1" or "x"))
        {
            yield return operation with { Value = new Payload("1") };
            yield return operation with { Value = new Payload("x") };
        }
    }
}
