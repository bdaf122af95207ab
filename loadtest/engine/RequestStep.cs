namespace Memcachier.LoadTest.Engine;

/// <summary>How far a request is that takes two commands.</summary>
internal enum RequestStep : byte
{
    /// <summary>It takes only one.</summary>
    Only,

    /// <summary>The gets of a cas.</summary>
    Fetch,

    /// <summary>The cas of a cas.</summary>
    Store,
}
