namespace System.Runtime.CompilerServices;

public sealed class RefSafetyRulesAttribute : Attribute
{
    public RefSafetyRulesAttribute(int version) => Version = version;

    public int Version { get; }
}
