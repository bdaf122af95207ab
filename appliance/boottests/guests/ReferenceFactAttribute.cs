using Xunit;

namespace Memcachier.BootTests.Guests;

/// <summary>A test of the tests: what is asked of the guest is asked of the real memcached first.</summary>
public sealed class ReferenceFactAttribute : FactAttribute
{
    public ReferenceFactAttribute(params string[] programs) => Skip = Host.MissingProgram(["memcached", .. programs]);
}
