using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>watch, and what a session tells those who do.</summary>
internal sealed partial class TextSession
{
    /// <summary>Whether all of an answer has to be made at once.</summary>
    private bool IsDatagram => _number == Session.NoConnection;

    public bool HasQuit { get; private set; }

    public bool IsIdle => _state == TextSessionState.Line && !IsBlocked;

    /// <summary>memcached's name for what the connection is doing.</summary>
    public ReadOnlySpan<byte> StateName => _state switch
    {
        // Whoever asks is the only one that is answered just now.
        TextSessionState.Stats when !IsBlocked => "conn_parse_cmd"u8,
        TextSessionState.Closing => "conn_closing"u8,
        TextSessionState.Watching => "conn_watch"u8,
        _ when IsBlocked => "conn_mwrite"u8,
        TextSessionState.Data or TextSessionState.MetaData => "conn_nread"u8,
        TextSessionState.Swallowing => "conn_swallow"u8,
        _ => "conn_read"u8,
    };

    /// <summary>
    /// watch [KIND...]: from here on the connection hears of events, and nothing that it says is read. Answers that are
    /// still on their way would be in between; as in memcached there must not be any.
    /// </summary>
    private void Watch(ReadOnlySpan<byte> words, ChunkQueue output)
    {
        if (!_context.Settings.AllowsWatch) Append(Replies.WatchNotAllowed, output);
        else if (output.Length > 0) Append(Replies.CannotPipelineWatch, output);
        else if (IsDatagram || !WatchWords.TryParse(words, out EventKinds kinds)) Append(Replies.Error, output);
        else if (!_context.Watchers.TryAdd(kinds, _number, output)) Append(Replies.TooManyWatchers, output);
        else
        {
            Append(Replies.Ok, output);
            _state = TextSessionState.Watching;
        }
    }

    /// <summary>Tells of the keys that a classic command other than a get is about to look for.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ObserveSlow(in Request request)
    {
        if (request.Command == Command.Delete)
        {
            _context.Observer.Deletes(request.Key, _number);
        }
        else if (request.Command is Command.Incr or Command.Decr or Command.Touch)
        {
            _context.Observer.Looks(request.Key, _number);
        }
    }

    /// <summary>Others have waited long enough.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private Step YieldSlow()
    {
        _statistics.ConnYields++;
        return Step.NeedsTurn;
    }
}
