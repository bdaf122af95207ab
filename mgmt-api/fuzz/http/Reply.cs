namespace Memcachier.Management.Http.Fuzz;

/// <summary>One response, as a strict reader sees it.</summary>
public readonly record struct Reply(int Status, string Head, byte[] Body, bool Closes);
