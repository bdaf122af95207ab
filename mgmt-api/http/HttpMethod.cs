namespace Memcachier.Management.Http;

/// <summary>The methods that a site may be asked for; all others are answered 501 (RFC 9110 §9.1).</summary>
public enum HttpMethod : byte
{
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
    Options,
}
