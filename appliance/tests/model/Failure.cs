using System.Collections.Generic;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>A short sequence with a wrong answer.</summary>
internal sealed record Failure(ulong Seed, IReadOnlyList<Operation> Operations, string Description);
