using System;
using Xunit;

namespace Memcachier.Management.Tests.Contract;

/// <summary>A test that needs the validator; without it, it is skipped and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ValidatorTheoryAttribute : TheoryAttribute
{
    public ValidatorTheoryAttribute() => Skip = OpenApiValidator.Obstacle;
}
