namespace Memcachier.Server;

/// <summary>Who speaks for a session.</summary>
internal enum SessionProtocol : byte
{
    /// <summary>Nobody yet: the first byte decides.</summary>
    Undecided,

    /// <summary>The text session.</summary>
    Text,

    /// <summary>The binary session.</summary>
    Binary,

    /// <summary>The text protocol, as far as the login.</summary>
    Login,
}
