namespace System.Runtime.CompilerServices;

public sealed class IsUnmanagedAttribute : Attribute
{
}
