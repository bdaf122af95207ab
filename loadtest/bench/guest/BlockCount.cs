namespace Memcachier.Bench.Guest;

/// <summary>What was executed of a piece of straight code.</summary>
/// <param name="Address">Of its first instruction.</param>
/// <param name="IsRepeated">True if it is one instruction with a repeat prefix, whose repetitions were counted.</param>
/// <param name="Count">Instructions; those with a repeat prefix are not among them.</param>
public readonly record struct BlockCount(ulong Address, bool IsRepeated, long Count);
