using System;
using System.Runtime.CompilerServices;
using Memcachier.Kernel.Boot;
using Memcachier.Management.Http;

namespace Memcachier.Appliance.Bench;

/// <summary>Prints what it takes to compare a token: if wrong ones took less, they could be guessed piece by piece.</summary>
internal static class TokenMeter
{
    private const int Count = 1_000;

    private static ReadOnlySpan<byte> Token => "0123456789abcdef0123456789abcdef"u8;

    public static void Measure(FigureLog log)
    {
        Measure(log, "token, right"u8, "Bearer 0123456789abcdef0123456789abcdef"u8);
        Measure(log, "token, wrong in its first byte"u8, "Bearer x123456789abcdef0123456789abcdef"u8);
        Measure(log, "token, wrong in its last byte"u8, "Bearer 0123456789abcdef0123456789abcdex"u8);
        Measure(log, "token, wrong in every byte"u8, "Bearer xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"u8);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Measure(FigureLog log, ReadOnlySpan<byte> name, ReadOnlySpan<byte> authorization)
    {
        ulong start = Hardware.Processor.Timestamp();
        for (int i = 0; i < Count; i++) _ = BearerToken.IsRight(authorization, Token);
        log.WriteFigure(name, Hardware.Processor.Timestamp() - start, Count);
    }
}
