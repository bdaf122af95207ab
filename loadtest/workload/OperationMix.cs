using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Memcachier.Kernel.Base;

namespace Memcachier.LoadTest.Workload;

/// <summary>How often each operation is asked for.</summary>
public sealed class OperationMix
{
    public const int KeyCountMax = 100;

    private const int WeightMax = 1_000_000;

    private static readonly Dictionary<string, Operation> Names =
        Enum.GetValues<Operation>().ToDictionary(each => each.ToString().ToLowerInvariant(), StringComparer.Ordinal);

    private readonly MixEntry[] _entries;
    private readonly uint _weightSum;

    private OperationMix(MixEntry[] entries)
    {
        _entries = entries;
        _weightSum = (uint)entries.Sum(each => each.Weight);
    }

    public IReadOnlyList<MixEntry> Entries => _entries;

    /// <summary>Keys of a request at most.</summary>
    public int KeysPerRequestMax => _entries.Max(each => each.KeyCount);

    public bool Has(Operation operation) => _entries.Any(each => each.Operation == operation);

    /// <summary>True if there is an operation on such keys.</summary>
    public bool Has(KeyKind kind) => _entries.Any(each => Operations.KeyKindOf(each.Operation) == kind);

    /// <summary>Reads what the user writes.</summary>
    /// <param name="text">Say <c>get=8,set=1,multiget:10=1</c>. Without a weight, it is 1.</param>
    public static OperationMix Parse(string text)
    {
        var entries = new List<MixEntry>();
        foreach (string part in text.Split(','))
        {
            if (ParseEntry(part) is not { } entry || entries.Any(each => each.Name == entry.Name))
                throw new LoadTestException(
                    $"'{text}' is not a mix: write get=9,set=1 with any of get, gets, multiget:N, gat, touch, set, " +
                    "add, replace, append, prepend, delete, incr, decr and cas, each once, N from 2 to " +
                    $"{KeyCountMax}, weights from 1 to {WeightMax}");
            entries.Add(entry);
        }
        return new OperationMix([.. entries]);
    }

    /// <summary>Hot: once per request. Which entry is next.</summary>
    public int Draw(ref Prng prng)
    {
        if (_entries.Length == 1) return 0;
        int rest = (int)prng.Below(_weightSum);
        int index = 0;
        while (rest >= _entries[index].Weight) rest -= _entries[index++].Weight;
        return index;
    }

    public override string ToString() => string.Join(',', _entries.Select(each => $"{each.Name}={each.Weight}"));

    private static MixEntry? ParseEntry(string text)
    {
        string[] sides = text.Split('=');
        string[] words = sides[0].Split(':');
        int weight = 1, keyCount = 1;
        bool isGood = Names.TryGetValue(words[0], out Operation operation) && sides.Length <= 2 &&
            (sides.Length == 1 || TryCount(sides[1], 1, WeightMax, out weight));
        isGood &= operation == Operation.Multiget
            ? words.Length == 2 && TryCount(words[1], 2, KeyCountMax, out keyCount)
            : words.Length == 1;
        return isGood ? new MixEntry(operation, keyCount, weight) : null;
    }

    private static bool TryCount(string text, int least, int most, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) &&
        count >= least && count <= most;
}
