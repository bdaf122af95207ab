namespace System.Runtime.InteropServices;

/// <summary>The compiler marks `unmanaged` type parameters with it; nothing is marshalled, so it has no members.</summary>
public enum UnmanagedType
{
}
