using Xunit;

namespace Memcachier.BootTests.Guests;

/// <summary>A test that needs programs of this machine; without one, it is skipped and says so.</summary>
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(params string[] programs) => Skip = Host.MissingProgram(programs);
}
