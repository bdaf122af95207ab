using System;
using Memcachier.Kernel.Base;

namespace Memcachier.LoadTest.Replay;

/// <summary>
/// The bytes of a value: a function of its key, its version and its length, so that whoever knows these three can check
/// every byte, and a value cut short or mixed up with another one does not pass. The version counts the times that the
/// key was stored, and travels as the item's client flags.
/// </summary>
public static class ValueContent
{
    /// <summary>Fills all of <paramref name="destination"/>, whose length is the value's.</summary>
    public static void Fill(ulong keyHash, uint version, Span<byte> destination)
    {
        var prng = new Prng(keyHash ^ (((ulong)version << 32) | (uint)destination.Length));
        prng.Fill(destination);
    }
}
