using System;

namespace Memcachier.Management.Metrics;

/// <summary>Which format a client wants (RFC 9110 §12.5.1, and what Prometheus sends).</summary>
public static class MetricsNegotiation
{
    // A weight has at most three decimals: in thousandths.
    private const int WeightMax = 1000;

    /// <summary>
    /// OpenMetrics, if the field names it by its full name in version 1.0.0 or in none, and prefers nothing else that
    /// there is; else the text format, also where nothing is acceptable: who gets it then may still understand it.
    /// </summary>
    /// <param name="accept">The value of the Accept field; empty if there is none.</param>
    public static MetricsFormat FormatFor(ReadOnlySpan<byte> accept)
    {
        int open = 0;
        int text = 0;
        while (accept.Length > 0)
        {
            ReadOnlySpan<byte> range = TakeUntil(ref accept, (byte)',');
            ReadOnlySpan<byte> type = Trim(TakeUntil(ref range, (byte)';'));
            int weight = WeightMax;
            bool isVersionOurs = true;
            while (range.Length > 0)
            {
                ReadOnlySpan<byte> value = Trim(TakeUntil(ref range, (byte)';'));
                ReadOnlySpan<byte> name = Trim(TakeUntil(ref value, (byte)'='));
                value = Unquote(Trim(value));
                if (EqualsIgnoringCase(name, "q"u8)) weight = WeightOf(value);
                else if (EqualsIgnoringCase(name, "version"u8)) isVersionOurs = value.SequenceEqual("1.0.0"u8);
            }
            if (EqualsIgnoringCase(type, "application/openmetrics-text"u8))
            {
                if (isVersionOurs) open = Math.Max(open, weight);
            }
            else if (IsText(type))
            {
                text = Math.Max(text, weight);
            }
        }
        return open > 0 && open >= text ? MetricsFormat.OpenMetrics : MetricsFormat.Text;
    }

    // Who takes anything gets the format that everyone reads; it does not count as a preference for that.
    private static bool IsText(ReadOnlySpan<byte> type) =>
        EqualsIgnoringCase(type, "text/plain"u8) || EqualsIgnoringCase(type, "text/*"u8);

    private static int WeightOf(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0) return 0;
        int weight = text[0] == (byte)'1' ? WeightMax : 0;
        int unit = WeightMax / 10;
        for (int i = 2; i < text.Length && unit > 0; i++)
        {
            int digit = text[i] - '0';
            if (digit is < 0 or > 9) return 0;
            weight += digit * unit;
            unit /= 10;
        }
        return Math.Min(weight, WeightMax);
    }

    /// <summary>What comes before a separator that no quotation marks enclose; goes on behind it.</summary>
    private static ReadOnlySpan<byte> TakeUntil(ref ReadOnlySpan<byte> text, byte separator)
    {
        bool isQuoted = false;
        int end = 0;
        while (end < text.Length && (isQuoted || text[end] != separator))
        {
            if (text[end] == (byte)'"') isQuoted = !isQuoted;
            end++;
        }
        ReadOnlySpan<byte> taken = text.Slice(0, end);
        text = text.Slice(Math.Min(end + 1, text.Length));
        return taken;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && IsSpace(text[0])) text = text.Slice(1);
        while (text.Length > 0 && IsSpace(text[text.Length - 1])) text = text.Slice(0, text.Length - 1);
        return text;
    }

    private static bool IsSpace(byte octet) => octet is (byte)' ' or (byte)'\t';

    private static ReadOnlySpan<byte> Unquote(ReadOnlySpan<byte> text)
    {
        bool isQuoted = text.Length >= 2 && text[0] == (byte)'"' && text[text.Length - 1] == (byte)'"';
        return isQuoted ? text.Slice(1, text.Length - 2) : text;
    }

    /// <param name="lower">In small letters.</param>
    private static bool EqualsIgnoringCase(ReadOnlySpan<byte> text, ReadOnlySpan<byte> lower)
    {
        if (text.Length != lower.Length) return false;
        for (int i = 0; i < text.Length; i++)
        {
            int octet = text[i] is >= (byte)'A' and <= (byte)'Z' ? text[i] + ('a' - 'A') : text[i];
            if (octet != lower[i]) return false;
        }
        return true;
    }
}
