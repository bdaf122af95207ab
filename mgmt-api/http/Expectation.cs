namespace Memcachier.Management.Http;

/// <summary>What a client wants to hear before it sends the body (RFC 9110 §10.1.1).</summary>
public enum Expectation : byte
{
    None,
    Continue,
    Unknown,
}
