namespace Memcachier.Management.Contract;

/// <summary>OPTIONS, or a method that a path does not have.</summary>
/// <param name="Allowed">What the answer's Allow is.</param>
/// <param name="IsHead">Its answer has no content.</param>
public sealed record MethodRow(string Name, string Request, int Status, string Allowed, bool IsHead);
