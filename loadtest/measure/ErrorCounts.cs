using System.Linq;

namespace Memcachier.LoadTest.Measure;

/// <summary>How many errors of each kind there were, and of each the first one in words.</summary>
public sealed class ErrorCounts
{
    private readonly long[] _counts = new long[ErrorKinds.All.Length];
    private readonly string?[] _examples = new string?[ErrorKinds.All.Length];

    public long Total => _counts.Sum();

    /// <summary>Those that no server may make.</summary>
    public long Corruptions => ErrorKinds.All.Where(ErrorKinds.IsCorruption).Sum(kind => this[kind]);

    public long this[ErrorKind kind] => _counts[(int)kind];

    public string? ExampleOf(ErrorKind kind) => _examples[(int)kind];

    /// <summary>True until an example is there.</summary>
    public bool WantsExample(ErrorKind kind) => _examples[(int)kind] == null;

    public void Count(ErrorKind kind, string? example = null)
    {
        _counts[(int)kind]++;
        _examples[(int)kind] ??= example;
    }

    public void Add(ErrorCounts other)
    {
        for (int i = 0; i < _counts.Length; i++)
        {
            _counts[i] += other._counts[i];
            _examples[i] ??= other._examples[i];
        }
    }
}
