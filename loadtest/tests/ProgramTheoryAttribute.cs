using Xunit;

namespace Memcachier.LoadTest.Tests;

/// <summary>As <see cref="ProgramFactAttribute"/>, with rows.</summary>
public sealed class ProgramTheoryAttribute : TheoryAttribute
{
    public ProgramTheoryAttribute(string program) => Skip = new ProgramFactAttribute(program).Skip;
}
