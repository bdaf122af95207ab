using System;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>stats detail and stats cachedump.</summary>
internal sealed partial class TextSession
{
    private ulong _cachedumpPosition;
    private uint _cachedumpLeft;
    private int _cachedumpLength;

    private void BeginDetail(StatsKind kind, ReadOnlySpan<byte> arguments, ChunkQueue output)
    {
        if (kind == StatsKind.Cachedump && IsDatagram) Reply(Replies.Error, output);
        else if (kind == StatsKind.Cachedump) BeginCachedump(arguments, output);
        else if (_context.Settings.RefusesDumps) Reply(Replies.DetailNotAllowed, output);
        else ExecuteDetail(arguments, output);
    }

    /// <summary>stats detail on|off|dump; the word may be shortened.</summary>
    private void ExecuteDetail(ReadOnlySpan<byte> arguments, ChunkQueue output)
    {
        var words = new Tokens(arguments);
        bool hasWord = words.TryNext(out ReadOnlySpan<byte> word);
        if (hasWord && "on"u8.StartsWith(word))
        {
            _prefixes.IsEnabled = true;
            Reply(Replies.Ok, output);
        }
        else if (hasWord && "off"u8.StartsWith(word))
        {
            _prefixes.IsEnabled = false;
            Reply(Replies.Ok, output);
        }
        else if (hasWord && "dump"u8.StartsWith(word))
        {
            _statsIndex = 0;
            _state = TextSessionState.Stats;
        }
        else
        {
            Reply(Replies.DetailUsage, output);
        }
    }

    /// <summary>stats cachedump CLASS LIMIT: of the items, which are all in class 1; a limit of 0 is none.</summary>
    private void BeginCachedump(ReadOnlySpan<byte> arguments, ChunkQueue output)
    {
        const uint ClassCount = 64, TheClass = 1;
        var words = new Tokens(arguments);
        _ = words.TryNext(out ReadOnlySpan<byte> classWord);
        bool hasBoth = words.TryNext(out ReadOnlySpan<byte> limitWord);
        if (_context.Settings.RefusesDumps)
        {
            Reply(Replies.CachedumpNotAllowed, output);
        }
        else if (!hasBoth)
        {
            Reply(Replies.BadCommandLine, output);
        }
        else if (!AdminRequestParser.TryParseTwo(classWord, limitWord, out uint number, out uint limit))
        {
            Reply(Replies.BadFormat, output);
        }
        else if (number >= ClassCount)
        {
            Reply(Replies.BadSlabId, output);
        }
        else
        {
            _cachedumpPosition = 0;
            _cachedumpLength = 0;
            _cachedumpLeft = number != TheClass ? 0 : limit == 0 ? uint.MaxValue : limit;
            _state = TextSessionState.Cachedump;
        }
    }

    private Step SendCachedump(ChunkQueue output)
    {
        Step step = _context.CacheDump.Send(ref _cachedumpPosition, ref _cachedumpLeft, ref _cachedumpLength, output);
        if (step == Step.Next) _state = TextSessionState.Line;
        return step;
    }
}
