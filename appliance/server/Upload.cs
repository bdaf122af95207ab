using System;
using System.Runtime.CompilerServices;
using Memcachier.Cache;
using Memcachier.Kernel.Memory;

namespace Memcachier.Server;

/// <summary>
/// What uploads have in common, whatever the protocol: the value goes from the receive buffer straight to its place in
/// the store.
/// </summary>
internal static class Upload
{
    /// <summary>
    /// An append of a few bytes copies a whole value, up to 1 MiB and with -I even more. A call that has copied this
    /// much stops there, or the requests of one packet would keep everybody waiting for milliseconds.
    /// </summary>
    private const int JoinedOctetsMax = 1 << 20;

    /// <summary>What <see cref="Store.JoinedOctetCount"/> may come to in a call that begins now.</summary>
    public static long JoinedOctetLimit(Store store) => store.JoinedOctetCount + JoinedOctetsMax;

    /// <summary>What comes after an upload: the next request, if the call has not done its share.</summary>
    public static Step Next(Store store, long joinedOctetLimit, ReadOnlySpan<byte> source)
    {
        bool isShareSpent = store.JoinedOctetCount >= joinedOctetLimit;
        return isShareSpent && source.Length > 0 ? Step.NeedsTurn : Step.Next;
    }

    /// <summary>Hot: once per set. Puts what there is of the value in its place; Next once that is all of it.</summary>
    /// <param name="context">Whose store it is.</param>
    /// <param name="reservation">The place.</param>
    /// <param name="source">What has arrived, from the value on.</param>
    /// <param name="output">Where the answer will go.</param>
    /// <param name="answerLengthMax">The room that it takes to say that it failed.</param>
    /// <param name="lostLength">
    /// 0, or the upload took so long that its place was needed for others. So many bytes of the value still come.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Step Fill(
        SessionContext context, ref Reservation reservation, ref ReadOnlySpan<byte> source, ChunkQueue output,
        int answerLengthMax, out int lostLength)
    {
        lostLength = 0;
        int missing = reservation.Missing;
        int count = Math.Min(source.Length, missing);
        if (count > 0)
        {
            // If it fails, there is room to say so: what it has copied by then cannot be told.
            if (!output.HasSpace(answerLengthMax)) return Step.NeedsOutput;
            if (!context.Store.TryFill(ref reservation, source.Slice(0, count)))
            {
                context.Store.Abandon(ref reservation);
                context.Statistics.StoreNoMemory++;
                lostLength = missing;
                return Step.Next;
            }
            source = source.Slice(count);
        }
        return reservation.Missing > 0 ? Step.NeedsInput : Step.Next;
    }
}
