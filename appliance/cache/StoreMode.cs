namespace Memcachier.Cache;

/// <summary>What a finished upload does with the item that the key may already have.</summary>
public enum StoreMode : byte
{
    Set,

    /// <summary>Stores only if there is none.</summary>
    Add,

    /// <summary>Stores only if there is one.</summary>
    Replace,

    /// <summary>Adds to the end of its value; stores only if there is one.</summary>
    Append,

    /// <summary>Adds to the front of its value; stores only if there is one.</summary>
    Prepend,

    /// <summary>Adds to the end of its value, or stores a first one.</summary>
    AppendOrAdd,

    /// <summary>Adds to the front of its value, or stores a first one.</summary>
    PrependOrAdd,

    /// <summary>Stores only if its cas unique is the given one.</summary>
    Cas,
}
