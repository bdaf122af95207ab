namespace Memcachier.LoadTest.Workload;

/// <summary>What a key is for, which its first letter says.</summary>
public enum KeyKind : byte
{
    /// <summary>A value that is checked.</summary>
    Value = (byte)'k',

    /// <summary>A number, for incr, decr and cas.</summary>
    Counter = (byte)'n',

    /// <summary>A value that append and prepend make longer.</summary>
    Growing = (byte)'a',
}
