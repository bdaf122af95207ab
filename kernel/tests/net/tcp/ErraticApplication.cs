using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;

namespace Memcachier.Kernel.Tests.Net.Tcp;

/// <summary>Does whatever an application may do, by chance; the same, if it is told the same.</summary>
public readonly struct ErraticApplication : ITcpApplication
{
    private readonly Whims _whims;

    public ErraticApplication(Whims whims) => _whims = whims;

    public bool Accept(TcpConnection connection)
    {
        _whims.Note(connection, 1);
        _whims.Act(connection);
        return !_whims.Chance(1, 50);
    }

    public int Receive(TcpConnection connection, ReadOnlySpan<byte> octets)
    {
        foreach (byte octet in octets) _whims.Note(connection, octet);
        _whims.Act(connection);
        return _whims.Chance(1, 8) ? _whims.Below(octets.Length + 1) : octets.Length;
    }

    public void Writable(TcpConnection connection)
    {
        _whims.Note(connection, 3);
        _whims.Act(connection);
    }

    public void PeerClosed(TcpConnection connection)
    {
        _whims.Note(connection, 4);
        _whims.Act(connection);
        if (_whims.Chance(7, 8)) connection.Close();
    }

    public void Closed(TcpConnection connection, CloseReason reason) => _whims.Note(connection, 5 + (int)reason);
}

/// <summary>What an <see cref="ErraticApplication"/> decides by, and a digest of all that it was told.</summary>
public sealed class Whims
{
    private static readonly byte[] s_octets = new byte[8192];
    private Prng _random;

    public Whims(ulong seed) => _random = new Prng(seed);

    public ulong Digest { get; private set; }

    public void Note(TcpConnection connection, int what) =>
        Digest = (Digest * 1_000_003) + (ulong)((connection.Index << 16) + what + 1);

    public bool Chance(uint numerator, uint denominator) => _random.Chance(numerator, denominator);

    public int Below(int count) => (int)_random.Below((uint)count);

    public void Act(TcpConnection connection)
    {
        switch (_random.Below(64))
        {
            case 0: connection.Close(); break;
            case 1 when Chance(1, 4): connection.Abort(); break;
            case 2: connection.Yield(); break;
            case 3: connection.RequestWritable(); break;
            case 4: connection.Resume(); break;
            case 5: connection.LimitBuffers(2000 + Below(30_000), 2000 + Below(30_000)); break;
            case < 40: _ = connection.Output.Append(s_octets.AsSpan(0, Below(400))); break;
            case < 50: _ = connection.Output.Append(s_octets.AsSpan(0, Below(s_octets.Length))); break;
            default: break;
        }
    }
}
