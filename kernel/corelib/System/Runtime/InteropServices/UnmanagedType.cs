namespace System.Runtime.InteropServices;

public sealed class UnmanagedType
{
}
