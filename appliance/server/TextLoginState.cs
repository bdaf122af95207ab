namespace Memcachier.Server;

/// <summary>How far a login in the text protocol has come.</summary>
internal enum TextLoginState : byte
{
    /// <summary>The line has not arrived.</summary>
    Line,

    /// <summary>The data block has not arrived.</summary>
    Data,

    /// <summary>It has to be looked at.</summary>
    Complete,

    /// <summary>The client is who it says.</summary>
    Done,

    /// <summary>The connection is to be closed once the answers have left.</summary>
    Closing,
}
