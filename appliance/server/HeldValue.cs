using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;

namespace Memcachier.Server;

/// <summary>
/// The value of an answer, whatever the protocol: what has no room in the output is held in the store until it has.
/// </summary>
internal static class HeldValue
{
    /// <summary>
    /// Hot: once per get. Answers the value and what ends it; if not all of that fits, holds the rest and fails.
    /// </summary>
    /// <param name="store">Whose item it is.</param>
    /// <param name="item">Whose value it is.</param>
    /// <param name="end">What follows the value.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="lease">What holds it.</param>
    /// <param name="sent">How much of it is on its way.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryAppend(
        Store store, in Item item, ReadOnlySpan<byte> end, ChunkQueue output, ref Lease lease, ref int sent)
    {
        int count = 0;
        while (count < item.ValueLength)
        {
            ReadOnlySpan<byte> part = item.ValueAt(count);
            int appended = output.Append(part);
            count += appended;
            if (appended < part.Length) break;
        }
        if (count == item.ValueLength && output.TryAppend(end)) return true;
        lease = store.Hold(in item);
        sent = count;
        return false;
    }

    /// <summary>Goes on with what <see cref="TryAppend"/> held. Next once nothing is held any more.</summary>
    /// <param name="store">Whose item it is.</param>
    /// <param name="lease">What holds it.</param>
    /// <param name="sent">How much of it is on its way.</param>
    /// <param name="end">What follows the value.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="isLost">
    /// The client drained it for so long that every other segment had to be evicted first. The length has been
    /// promised, so there is no answer left but the end.
    /// </param>
    public static Step Send(
        Store store, ref Lease lease, ref int sent, ReadOnlySpan<byte> end, ChunkQueue output, out bool isLost)
    {
        isLost = false;
        while (true)
        {
            if (!store.TryRead(in lease, sent, out ReadOnlySpan<byte> part))
            {
                isLost = true;
                break;
            }
            if (part.Length == 0)
            {
                if (!output.TryAppend(end)) return Step.NeedsOutput;
                break;
            }
            int appended = output.Append(part);
            sent += appended;
            if (appended < part.Length) return Step.NeedsOutput;
        }
        store.Release(ref lease);
        return Step.Next;
    }
}
