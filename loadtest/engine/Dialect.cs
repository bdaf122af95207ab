using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Replay;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Engine;

/// <summary>
/// How requests are written and what their answers mean: one for each protocol, one object for each thread.
/// </summary>
internal abstract class Dialect
{
    private const int NumberLengthMax = AsciiDecimal.MaxLength;

    /// <param name="settings">What is asked.</param>
    /// <param name="lane">The thread: each begins its values elsewhere.</param>
    protected Dialect(LoadSettings settings, int lane)
    {
        KeyFormat = new KeyFormat(settings.KeySize);
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
        _ => throw new ArgumentOutOfRangeException(nameof(settings)),
    };

    /// <summary>Hot: once per request. Writes it.</summary>
    public abstract void Write(OutputBuffer output, ref Pending request, ReadOnlySpan<long> keys);

    /// <summary>Writes the set of a number that incr will find.</summary>
    public abstract void WriteCounter(OutputBuffer output, long key);

    /// <summary>Hot: once per reply. What it means for the request; errors are counted.</summary>
    public abstract AnswerProgress Take(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors);

    protected static void Fail(ref Pending request, ErrorCounts errors, ErrorKind kind, string? example)
    {
        request.IsFailed = true;
        errors.Count(kind, example);
    }

    protected static AnswerProgress TakeError(in Reply reply, ref Pending request, ErrorCounts errors)
    {
        (ErrorKind kind, string word) = reply.Kind switch
        {
            ReplyKind.ServerError => (ErrorKind.ServerError, "SERVER_ERROR "),
            ReplyKind.ClientError => (ErrorKind.ClientError, "CLIENT_ERROR "),
            _ => (ErrorKind.ClientError, "ERROR"),
        };
        string? example = errors.WantsExample(kind) ? word + Encoding.ASCII.GetString(reply.Value) : null;
        Fail(ref request, errors, kind, example);
        return AnswerProgress.Done;
    }

    protected static bool IsError(ReplyKind kind) =>
        kind is ReplyKind.ServerError or ReplyKind.ClientError or ReplyKind.Error;

    /// <summary>Counts a value of a get; whether it is the right one is checked if that is asked for.</summary>
    protected void TakeValue(
        ref Pending request, ReadOnlySpan<long> keys, ReadOnlySpan<byte> key, uint flags, ReadOnlySpan<byte> value,
        ErrorCounts errors)
    {
        request.Hits++;
        request.BytesRead += value.Length;
        if (!IsVerifying) return;
        // What is missed has no answer, so keys are passed over.
        int position = request.Position;
        while (position < keys.Length && !Values.IsKey(keys[position], isCounter: false, key)) position++;
        if (position == keys.Length)
        {
            Fail(ref request, errors, ErrorKind.SwappedReply, errors.WantsExample(ErrorKind.SwappedReply)
                ? $"the value of {Encoding.ASCII.GetString(key)} came where that of " +
                    $"{KeyFormat.ToText(keys[0], isCounter: false)} should"
                : null);
            return;
        }
        request.Position = position + 1;
        if (Values.Check(keys[position], flags, value) is not { } kind) return;
        Fail(ref request, errors, kind,
            errors.WantsExample(kind) ? Values.Describe(keys[position], flags, value) : null);
    }

    /// <summary>A command's line but for what follows the key in some of them.</summary>
    protected void WriteLine(
        OutputBuffer output, ReadOnlySpan<byte> word, long key, ReadOnlySpan<byte> end, bool isCounter = false)
    {
        Span<byte> line = output.Take(word.Length + KeyFormat.Length + end.Length);
        word.CopyTo(line);
        KeyFormat.Write(key, isCounter, line[word.Length..]);
        end.CopyTo(line[(word.Length + KeyFormat.Length)..]);
    }

    protected void PutKey(OutputBuffer output, long index, bool isCounter = false) =>
        KeyFormat.Write(index, isCounter, output.Take(KeyFormat.Length));

    protected static void PutNumber(OutputBuffer output, ulong number)
    {
        int length = AsciiDecimal.Format(number, output.Take(NumberLengthMax));
        output.Shrink(NumberLengthMax - length);
    }

    /// <summary>The data block of a set, with its end.</summary>
    protected static void PutValue(OutputBuffer output, ulong keyHash, uint flags, int size)
    {
        Span<byte> block = output.Take(size + 2);
        ValueContent.Fill(keyHash, flags, block[..size]);
        "\r\n"u8.CopyTo(block[size..]);
    }
}
