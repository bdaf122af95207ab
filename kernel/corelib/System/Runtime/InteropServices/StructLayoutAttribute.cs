namespace System.Runtime.InteropServices;

public sealed class StructLayoutAttribute : Attribute
{
    public int Pack;
    public int Size;

    public StructLayoutAttribute(LayoutKind layoutKind) => Value = layoutKind;

    public LayoutKind Value { get; }
}
