using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>
/// Who may do what. Reading needs no token; what changes anything does, and so do the bytes on the wire, which hold
/// everybody's values and passwords.
/// </summary>
/// <remarks>
/// Wrong tokens are counted by the client's address, in a table too small to be worth filling: who was wrong too often is
/// told to wait before the token is looked at, and only those whose address falls into the same place with him.
/// </remarks>
public sealed class ApiSecurity
{
    private const int PlaceCount = 64;
    private const int GuessesPerSecond = 1;
    private const int GuessBurst = 10;

    private readonly KeyedHash _hash;
    private readonly RateLimit[] _guesses = new RateLimit[PlaceCount];
    private readonly Settings _settings;
    private readonly byte[] _madeToken;

    /// <param name="settings">
    /// The token, the machine's names, and whether metrics and keys need the token; looked at with each request.
    /// </param>
    /// <param name="madeToken">What a client has to know as long as nobody has chosen a token; empty: nobody knows it.</param>
    /// <param name="secret">So that nobody chooses his place.</param>
    public ApiSecurity(Settings settings, byte[] madeToken, ulong secret)
    {
        _settings = settings;
        _madeToken = madeToken;
        _hash = new KeyedHash(secret);
        for (int i = 0; i < PlaceCount; i++) _guesses[i] = new RateLimit(GuessesPerSecond, GuessBurst);
    }

    /// <summary>Requests with a wrong token.</summary>
    public long WrongTokenCount { get; private set; }

    private ReadOnlySpan<byte> Token => _settings.ApiToken.Length > 0 ? _settings.ApiToken : _madeToken;

    /// <summary>Whether a resource is not for everybody to use in this way.</summary>
    public bool NeedsToken(ApiRoute route, HttpMethod method)
    {
        if (method is not (HttpMethod.Get or HttpMethod.Head)) return true;
        return route switch
        {
            ApiRoute.Capture => true,
            ApiRoute.Metrics => _settings.MetricsNeedToken,
            // Clients of the cache have to log in to see them, too.
            ApiRoute.HotKeys or ApiRoute.Key or ApiRoute.Prefixes => _settings.NeedsLogin,
            _ => false,
        };
    }

    /// <summary>Whether a request means this machine, and not a name of somebody else's that leads here.</summary>
    public bool IsForUs(in RequestHead head) => HostRules.IsAllowed(head.Authority, _settings.ApiHosts);

    /// <summary>Whether a request comes from a page of another site.</summary>
    public static bool IsForeign(in RequestHead head) =>
        head.TryField("origin"u8, out ReadOnlySpan<byte> origin) && !HostRules.IsSameOrigin(origin, head.Authority);

    /// <summary>Looks at the token of a request.</summary>
    /// <param name="peer">The client's IPv4 address.</param>
    /// <param name="detail">What is wrong, for people.</param>
    /// <returns>200, or the status of the answer: 401 or 429.</returns>
    public int Judge(in RequestHead head, uint peer, long nowMicros, out ReadOnlySpan<byte> detail)
    {
        detail = "This needs the token: Authorization: Bearer TOKEN."u8;
        if (!head.TryField("authorization"u8, out ReadOnlySpan<byte> authorization)) return 401;
        RateLimit guesses = _guesses[PlaceOf(peer)];
        if (guesses.IsEmpty(nowMicros))
        {
            detail = "Too many wrong tokens from this address."u8;
            return 429;
        }
        if (BearerToken.IsRight(authorization, Token)) return 200;
        WrongTokenCount++;
        bool isTaken = guesses.TryTake(nowMicros);
        Invariant.Holds(isTaken);
        detail = "The token is wrong."u8;
        return 401;
    }

    private int PlaceOf(uint peer)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(octets, peer);
        return (int)(_hash.Of(octets) % PlaceCount);
    }
}
