namespace System.Runtime.CompilerServices;

/// <summary>Marks the setter of an `init` property.</summary>
public static class IsExternalInit
{
}
