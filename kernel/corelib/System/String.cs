using System.Runtime.CompilerServices;

namespace System;

/// <summary>Literals only: the compiler lays them out in the image. Text that is made at run time is bytes in spans.</summary>
public sealed class String
{
    private readonly int _stringLength;
    private readonly char _firstChar;

    private String()
    {
    }

    public int Length => _stringLength;

    [IndexerName("Chars")]
    public char this[int index]
    {
        [Intrinsic]
        get
        {
            if ((uint)index >= (uint)_stringLength) Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            return Unsafe.Add(ref Unsafe.AsRef(in _firstChar), index);
        }
    }
}
