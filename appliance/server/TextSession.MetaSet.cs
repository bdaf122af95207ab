using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>ms: its data block comes in like that of any storage command, its answer says more.</summary>
internal sealed partial class TextSession
{
    // The flags b, c, k and s, an opaque with its letter, and a space before each.
    private const int AskedLengthMax = (4 * 2) + 1 + 1 + MetaRequestParser.OpaqueLengthMax;

    /// <summary>What the answer is to tell, as it was sent, until the data block is there.</summary>
    private readonly byte[] _asked = new byte[AskedLengthMax];

    private StoreTerms _terms;
    private int _askedLength;
    private bool _isQuiet;

    private void BeginMetaSet(in MetaRequest request, ChunkQueue output)
    {
        bool isJoining = request.Mode is (byte)'A' or (byte)'P';
        _terms = new StoreTerms(ModeOf(in request))
        {
            Cas = request.HasCas ? request.Cas : 0,
            // 0 is no number here, but the next one there is.
            NewCas = request.HasNewCas && _store.HasCas ? request.NewCas : 0,
            MayStoreStale = request.Invalidates,
            EndsOldOnFailure = true,
        };
        int exptime = isJoining && request.Vivifies ? request.VivifyExptime : request.Exptime;
        StoreResult result = _store.TryReserve(
            in _terms, request.Key, request.ClientFlags, exptime, request.ValueLength, out _reservation);
        if (result == StoreResult.Stored)
        {
            _isQuiet = request.IsQuiet;
            KeepAsked(request.Flags);
            BeginData(TextSessionState.MetaData);
            return;
        }
        if (_events.IsWatched) _context.Observer.Refuses(request.Key, result, _terms.Mode, looks: true, _number);
        Append(ReplyTo(result), output);
        BeginSwallowing(request.IgnoredLength);
    }

    /// <summary>A cas unique makes a set or a replace to a cas; add has no use for it.</summary>
    private static StoreMode ModeOf(in MetaRequest request)
    {
        switch (request.Mode)
        {
            case (byte)'E':
                return StoreMode.Add;
            case (byte)'A':
                return request.Vivifies ? StoreMode.AppendOrAdd : StoreMode.Append;
            case (byte)'P':
                return request.Vivifies ? StoreMode.PrependOrAdd : StoreMode.Prepend;
            case (byte)'R':
                return request.HasCas ? StoreMode.Cas : StoreMode.Replace;
            default:
                return request.HasCas ? StoreMode.Cas : StoreMode.Set;
        }
    }

    private void KeepAsked(ReadOnlySpan<byte> flags)
    {
        _askedLength = 0;
        var tokens = new Tokens(flags);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            if (token[0] is not ((byte)'b' or (byte)'c' or (byte)'k' or (byte)'s' or (byte)'O')) continue;
            // Of all but the opaque the letter is what counts.
            if (token[0] != 'O') token = token.Slice(0, 1);
            _asked[_askedLength] = (byte)' ';
            token.CopyTo(_asked.AsSpan(_askedLength + 1));
            _askedLength += 1 + token.Length;
        }
    }

    /// <summary>Stores what has arrived, and answers. There is room.</summary>
    private void FinishMetaSet(ChunkQueue output)
    {
        // Afterwards the place that has the key may be gone.
        Span<byte> keyPlace = stackalloc byte[Limits.KeyLengthMax];
        if (_store.TryGetKey(in _reservation, out ReadOnlySpan<byte> key)) key.CopyTo(keyPlace);
        keyPlace = keyPlace.Slice(0, key.Length);

        StoreResult result = _events.IsWatched
            ? _context.Observer.Commit(ref _reservation, in _terms, out StoredItem stored, _number)
            : _store.Commit(ref _reservation, in _terms, out stored);
        if (result == StoreResult.Stored && _isQuiet) return;
        if (result is StoreResult.TooLarge or StoreResult.OutOfMemory)
        {
            Append(ReplyTo(result), output);
            return;
        }
        var reply = new MetaReply(stackalloc byte[MetaReply.LengthMax], CodeOf(result));
        ReadOnlySpan<byte> asked = _asked.AsSpan(0, _askedLength);
        var tokens = new Tokens(asked);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            switch (token[0])
            {
                case (byte)'c':
                    reply.Add('c', stored.Cas);
                    break;
                case (byte)'s':
                    reply.Add('s', (ulong)stored.ValueLength);
                    break;
                case (byte)'k':
                    reply.AddKey(keyPlace, isBinary: IsKeyBinary(asked));
                    break;
                case (byte)'O':
                    reply.AddToken(token);
                    break;
                default:
                    break;
            }
        }
        reply.EndLine();
        Append(reply.Octets, output);
    }

    private static bool IsKeyBinary(ReadOnlySpan<byte> asked)
    {
        var tokens = new Tokens(asked);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            if (token[0] == 'b') return true;
        }
        return false;
    }

    private static ReadOnlySpan<byte> CodeOf(StoreResult result)
    {
        switch (result)
        {
            case StoreResult.Stored:
                return "HD"u8;
            case StoreResult.NotStored:
                return "NS"u8;
            case StoreResult.Exists:
                return "EX"u8;
            default:
                Invariant.Holds(result == StoreResult.NotFound);
                return "NF"u8;
        }
    }
}
