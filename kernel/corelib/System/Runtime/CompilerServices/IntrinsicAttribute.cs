namespace System.Runtime.CompilerServices;

internal sealed class IntrinsicAttribute : Attribute
{
}
