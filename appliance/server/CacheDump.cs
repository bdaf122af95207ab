using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Text;

namespace Memcachier.Server;

/// <summary>
/// stats cachedump: some of the items, at most 2 MiB of lines. Any number of clients may ask for it at a time: each
/// remembers the hash at which it goes on.
/// </summary>
internal sealed class CacheDump
{
    private const int LengthMax = 2 << 20;

    // "ITEM", a key, and two numbers.
    private const int LineLengthMax = 320;

    private const int BudgetPerTurn = 1 << 15;

    private readonly ItemScan _scan;
    private readonly Crawler _crawler;
    private readonly Lifetime _lifetime;

    public CacheDump(Store store)
    {
        _scan = store.NewScan();
        _crawler = store.Crawler;
        _lifetime = store.Lifetime;
    }

    /// <summary>Goes on, up to the END.</summary>
    /// <param name="position">0 at first; then the hash at which it goes on.</param>
    /// <param name="left">Items that are still wanted.</param>
    /// <param name="length">Bytes of the lines so far.</param>
    public Step Send(ref ulong position, ref uint left, ref int length, ChunkQueue output)
    {
        Span<byte> line = stackalloc byte[LineLengthMax];
        int budget = BudgetPerTurn;
        _scan.BeginAt(position);
        while (left > 0 && length <= LengthMax - LineLengthMax)
        {
            if (!output.HasSpace(LineLengthMax)) return Pause(Step.NeedsOutput, ref position);
            if (!_scan.TryNext(ref budget, out Item item))
            {
                if (_scan.IsDone) break;
                return Pause(Step.NeedsTurn, ref position);
            }
            if (!_crawler.IsAlive(in item) || !KeyText.IsPlain(item.Key)) continue;
            int written = Format(in item, line);
            _ = output.Append(line.Slice(0, written));
            length += written;
            left--;
        }
        _scan.End();
        return output.TryAppend(Replies.End) ? Step.Next : EndLater(ref left);
    }

    private Step Pause(Step step, ref ulong position)
    {
        position = _scan.NextHash;
        return step;
    }

    private static Step EndLater(ref uint left)
    {
        left = 0;
        return Step.NeedsOutput;
    }

    private int Format(in Item item, Span<byte> line)
    {
        var text = new LineBuilder(line);
        text.Append("ITEM "u8);
        text.Append(item.Key);
        text.Append(" ["u8);
        text.AppendDecimal((ulong)item.ValueLength);
        text.Append(" b; "u8);
        text.AppendDecimal(item.Exptime == 0 ? 0 : (ulong)_lifetime.ToUnix(item.Exptime));
        text.Append(" s]\r\n"u8);
        return text.Octets.Length;
    }
}
