namespace Memcachier.Appliance.Tests.Model;

/// <summary>What an <see cref="Operation"/> does. All but the last are commands of the protocol.</summary>
internal enum Verb
{
    Set,
    Add,
    Replace,
    Append,
    Prepend,
    Cas,
    Get,
    Gets,
    Gat,
    Gats,
    Touch,
    Delete,
    Incr,
    Decr,
    FlushAll,
    MetaGet,
    MetaSet,
    MetaDelete,
    MetaAdd,

    /// <summary>Exptime seconds pass.</summary>
    Sleep,
}
