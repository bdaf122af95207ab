using System.Runtime.InteropServices;

namespace Internal.Runtime;

/// <summary>The start of a type's description as the compiler lays it out; only what allocation needs.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MethodTable
{
    // Arrays and strings: the low 16 bits hold the size of an element in bytes.
    private readonly uint _flags;
    private readonly uint _baseSize;

    public readonly ushort ComponentSize => (ushort)_flags;

    public readonly uint BaseSize => _baseSize;
}
