using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>stat: a packet for each statistic, and an empty one at the end.</summary>
internal sealed partial class BinarySession
{
    private StatsKind _statsKind;
    private int _statsIndex;

    private void BeginStats(ReadOnlySpan<byte> name, ChunkQueue output)
    {
        if (!TryStatsKind(name, out _statsKind) && !TrySwitchDetail(name))
        {
            Refuse(Status.KeyNotFound, output);
            return;
        }
        if (_statsKind == StatsKind.Reset) ResetStatistics();
        _statsIndex = 0;
        _state = BinarySessionState.Stats;
    }

    /// <summary>detail on and detail off. A dump is had by the text protocol.</summary>
    private bool TrySwitchDetail(ReadOnlySpan<byte> name)
    {
        if (_context.Settings.RefusesDumps) return false;
        bool isOn = name.StartsWith("detail on"u8);
        if (!isOn && !name.StartsWith("detail off"u8)) return false;
        _prefixes.IsEnabled = isOn;
        // Nothing but the end is the answer.
        _statsKind = StatsKind.Reset;
        return true;
    }

    private void ResetStatistics()
    {
        _store.ResetStatistics();
        _prefixes.Clear();
    }

    /// <summary>Otherwise than in the text protocol a name is not shortened, but two may go on.</summary>
    private static bool TryStatsKind(ReadOnlySpan<byte> name, out StatsKind kind)
    {
        kind = StatsKind.General;
        if (name.Length == 0) return true;
        if (name.StartsWith("reset"u8)) kind = StatsKind.Reset;
        else if (name.StartsWith("settings"u8)) kind = StatsKind.Settings;
        else if (name.SequenceEqual("items"u8)) kind = StatsKind.Items;
        else if (name.SequenceEqual("slabs"u8)) kind = StatsKind.Slabs;
        else if (name.SequenceEqual("sizes"u8)) kind = StatsKind.Sizes;
        else return false;
        return true;
    }

    private Step SendStats(ChunkQueue output)
    {
        Span<byte> line = stackalloc byte[Protocol.Text.Replies.LineLengthMax];
        while (output.HasSpace(AnswerLengthMax))
        {
            int length = _report.Format(_statsKind, ref _statsIndex, line);
            if (length == 0)
            {
                _state = BinarySessionState.Head;
                AnswerStat(default, default, output);
                return Step.Next;
            }
            ReadOnlySpan<byte> statistic = StatLine.NameAndValue(line.Slice(0, length));
            int space = statistic.IndexOf((byte)' ');
            Invariant.Holds(space > 0);
            AnswerStat(statistic.Slice(0, space), statistic.Slice(space + 1), output);
        }
        return Step.NeedsOutput;
    }

    private void AnswerStat(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, ChunkQueue output)
    {
        Span<byte> place = stackalloc byte[AnswerLengthMax];
        var header = new ResponseHeader
        {
            Opcode = _opcode,
            KeyLength = name.Length,
            BodyLength = (uint)(name.Length + value.Length),
            Opaque = _opaque,
        };
        header.Write(place);
        name.CopyTo(place.Slice(ResponseHeader.Size));
        value.CopyTo(place.Slice(ResponseHeader.Size + name.Length));
        Append(place.Slice(0, ResponseHeader.Size + name.Length + value.Length), output);
    }
}
