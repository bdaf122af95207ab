namespace Memcachier.LoadTest.Engine;

/// <summary>What is spoken.</summary>
public enum WireProtocol : byte
{
    /// <summary>get, set, delete...</summary>
    Text,

    /// <summary>mg, ms, md...</summary>
    Meta,

    /// <summary>Headers of 24 bytes, protocol-binary.xml.</summary>
    Binary,
}
