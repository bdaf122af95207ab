namespace Memcachier.LoadTest.Workload;

/// <summary>What there is to say of every <see cref="Operation"/>.</summary>
public static class Operations
{
    /// <summary>Which of the keys it is for.</summary>
    public static KeyKind KeyKindOf(Operation operation) => operation switch
    {
        Operation.Incr or Operation.Decr or Operation.Cas => KeyKind.Counter,
        Operation.Append or Operation.Prepend => KeyKind.Growing,
        _ => KeyKind.Value,
    };

    /// <summary>True if the answer says whether the key was there: it hits or misses.</summary>
    public static bool IsLookup(Operation operation) => operation is not
        (Operation.Set or Operation.Add or Operation.Replace or Operation.Append or Operation.Prepend);

    /// <summary>True if there is a value in the answer to a hit that can be checked.</summary>
    public static bool HasValue(Operation operation) =>
        operation is Operation.Get or Operation.Gets or Operation.Multiget or Operation.Gat;
}
