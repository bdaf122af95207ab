namespace System.Runtime.CompilerServices;

internal sealed class NonVersionableAttribute : Attribute
{
}
