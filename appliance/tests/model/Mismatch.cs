namespace Memcachier.Appliance.Tests.Model;

/// <summary>The first operations up to <paramref name="OperationCount"/> had another answer than expected.</summary>
internal sealed record Mismatch(int OperationCount, string Expected, string Actual);
