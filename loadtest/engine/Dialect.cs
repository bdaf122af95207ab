using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// How requests are written and what their answers mean: one for each protocol, one object for each thread.
/// </summary>
internal abstract class Dialect
{
    /// <param name="settings">What is asked.</param>
    /// <param name="lane">The thread: each begins its values elsewhere.</param>
    protected Dialect(LoadSettings settings, int lane)
    {
        KeyFormat = settings.KeyFormat;
        Values = new ValueChecker(KeyFormat, settings.ValueSizes, (uint)settings.Seed + ((uint)lane << 24));
        IsVerifying = settings.IsVerifying;
    }

    protected KeyFormat KeyFormat { get; }

    protected ValueChecker Values { get; }

    protected bool IsVerifying { get; }

    public static Dialect Create(LoadSettings settings, int lane) => settings.Protocol switch
    {
        WireProtocol.Text => new TextDialect(settings, lane),
        WireProtocol.Meta => new MetaDialect(settings, lane),
        WireProtocol.Binary => new BinaryDialect(settings, lane),
        _ => throw new ArgumentOutOfRangeException(nameof(settings)),
    };

    /// <summary>Hot: once per command. Writes the request, or the step of it that it is at.</summary>
    public abstract void Write(OutputBuffer output, ref Pending request, ReadOnlySpan<long> keys);

    /// <summary>
    /// Hot: once per reply. What the first reply of <paramref name="input"/> means for the request; errors are counted.
    /// </summary>
    /// <param name="input">What was received; not empty.</param>
    /// <param name="request">The oldest one on its way.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="errors">Where errors are counted.</param>
    /// <param name="consumed">Bytes of the reply, if it is More or Done.</param>
    public abstract AnswerProgress Take(
        ReadOnlySpan<byte> input, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors, out int consumed);

    /// <summary>For people: what the bytes begin with.</summary>
    public abstract string Describe(ReadOnlySpan<byte> input);

    protected static void Fail(ref Pending request, ErrorCounts errors, ErrorKind kind, string? example)
    {
        request.IsFailed = true;
        errors.Count(kind, example);
    }

    /// <summary>Counts an answer for another key than those that were asked for.</summary>
    protected void FailSwapped(
        ref Pending request, ErrorCounts errors, string what, ReadOnlySpan<byte> key, long expected) =>
        Fail(ref request, errors, ErrorKind.SwappedReply, errors.WantsExample(ErrorKind.SwappedReply)
            ? $"the {what} {Encoding.UTF8.GetString(key)} came where that {what[(what.IndexOf(' ') + 1)..]} " +
                $"{KeyFormat.ToText(expected, request.KeyKind)} should"
            : null);

    /// <summary>
    /// Takes the value of a hit, whose key is the right one. Whether the value is, is checked if that is asked for;
    /// that of a counter is read in any case.
    /// </summary>
    protected void TakeContent(
        ref Pending request, long key, uint flags, ReadOnlySpan<byte> value, ErrorCounts errors)
    {
        if (request.KeyKind == KeyKind.Counter) TakeNumber(ref request, key, value, errors);
        else if (IsVerifying) CheckValue(ref request, key, flags, value, errors);
    }

    private void TakeNumber(ref Pending request, long key, ReadOnlySpan<byte> value, ErrorCounts errors)
    {
        // protocol.txt: decr leaves the length as it is, with spaces behind the number.
        if (AsciiDecimal.TryParse(value.TrimEnd((byte)' '), out request.Number)) return;
        Fail(ref request, errors, ErrorKind.WrongValue, errors.WantsExample(ErrorKind.WrongValue)
            ? $"the counter {KeyFormat.ToText(key, KeyKind.Counter)} is '{Encoding.ASCII.GetString(value)}'"
            : null);
    }

    private void CheckValue(
        ref Pending request, long key, uint flags, ReadOnlySpan<byte> value, ErrorCounts errors)
    {
        if (Values.Check(key, flags, value) is not { } kind) return;
        Fail(ref request, errors, kind, errors.WantsExample(kind) ? Values.Describe(key, flags, value) : null);
    }
}
