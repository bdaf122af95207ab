using System;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Replay;
using Memcachier.Protocol;
using Memcachier.Protocol.Text;

namespace Memcachier.LoadTest.Engine;

/// <summary>What the classic commands and the meta commands have in common: replies that are lines.</summary>
internal abstract class LineDialect : Dialect
{
    private const int NumberLengthMax = AsciiDecimal.MaxLength;

    protected LineDialect(LoadSettings settings, int lane) : base(settings, lane)
    {
    }

    public sealed override AnswerProgress Take(
        ReadOnlySpan<byte> input, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors, out int consumed)
    {
        switch (ReplyParser.Parse(input, out Reply reply, out consumed))
        {
            case ParseStatus.Done:
                return Take(in reply, ref request, keys, errors);
            case ParseStatus.NeedMoreData:
                return AnswerProgress.NeedMoreData;
            case ParseStatus.Malformed:
            default:
                // A value is followed by a line's end; if it is not, bytes are missing, or there are too many.
                return input[0] == 'V' ? AnswerProgress.Truncated : AnswerProgress.Malformed;
        }
    }

    public sealed override string Describe(ReadOnlySpan<byte> input)
    {
        const int ShownMax = 80;
        int end = input.IndexOfAny((byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> line = end >= 0 ? input[..end] : input;
        return $"'{Encoding.ASCII.GetString(line[..Math.Min(line.Length, ShownMax)])}'";
    }

    /// <summary>Hot: once per reply. What it means for the request; errors are counted.</summary>
    protected abstract AnswerProgress Take(
        in Reply reply, ref Pending request, ReadOnlySpan<long> keys, ErrorCounts errors);

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
        int position = 0;
        if (IsVerifying)
        {
            // What is missed has no answer, so keys are passed over.
            position = request.Position;
            while (position < keys.Length && !Values.IsKey(keys[position], request.KeyKind, key)) position++;
            if (position == keys.Length)
            {
                FailSwapped(ref request, errors, "value of", key, keys[0]);
                return;
            }
            request.Position = position + 1;
        }
        TakeContent(ref request, keys[position], flags, value, errors);
    }

    /// <summary>A command's line but for what follows the key in some of them.</summary>
    protected void WriteLine(
        OutputBuffer output, ReadOnlySpan<byte> word, in Pending request, long key, ReadOnlySpan<byte> end)
    {
        int keyLength = KeyFormat.LengthOf(key, request.KeyKind);
        Span<byte> line = output.Take(word.Length + keyLength + end.Length);
        word.CopyTo(line);
        _ = KeyFormat.Write(key, request.KeyKind, line[word.Length..]);
        end.CopyTo(line[(word.Length + keyLength)..]);
    }

    protected static void PutNumber(OutputBuffer output, ulong number)
    {
        int length = AsciiDecimal.Format(number, output.Take(NumberLengthMax));
        output.Shrink(NumberLengthMax - length);
    }

    /// <summary>The length of a number, what follows it in the line, and the number as the data block.</summary>
    protected static void PutNumberBlock(OutputBuffer output, ulong number, ReadOnlySpan<byte> lineEnd)
    {
        Span<byte> digits = stackalloc byte[NumberLengthMax];
        digits = digits[..AsciiDecimal.Format(number, digits)];
        PutNumber(output, (ulong)digits.Length);
        output.Append(lineEnd);
        output.Append("\r\n"u8);
        output.Append(digits);
        output.Append("\r\n"u8);
    }

    /// <summary>The data block of a set, with its end.</summary>
    protected static void PutValue(OutputBuffer output, ulong keyHash, uint flags, int size)
    {
        Span<byte> block = output.Take(size + 2);
        ValueContent.Fill(keyHash, flags, block[..size]);
        "\r\n"u8.CopyTo(block[size..]);
    }
}
