using Xunit;

namespace Memcachier.BootTests.Guests;

/// <summary>Rows that compare the guest with the real memcached: skipped where a program is missing.</summary>
public sealed class ReferenceTheoryAttribute : TheoryAttribute
{
    public ReferenceTheoryAttribute(params string[] programs) => Skip = Host.MissingProgram(["memcached", .. programs]);
}
