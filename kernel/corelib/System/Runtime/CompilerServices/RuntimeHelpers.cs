namespace System.Runtime.CompilerServices;

public static class RuntimeHelpers
{
    /// <summary>The compiler replaces the call by the data itself, which lies in the image.</summary>
    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fldHandle) => default;

    [Intrinsic]
    public static void InitializeArray(Array array, RuntimeFieldHandle fldHandle)
    {
    }

    [Intrinsic]
    public static bool IsReferenceOrContainsReferences<T>() => IsReferenceOrContainsReferences<T>();

    public static int OffsetToStringData => 12;
}
