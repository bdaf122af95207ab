using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Kernel.Boot;

/// <summary>
/// A line of the log, as it is on the console, taken apart. How much it matters is said by its first word, so that there is
/// nothing beside the text that could say otherwise.
/// </summary>
public readonly ref struct LogLine
{
    private LogLine(long micros, ReadOnlySpan<byte> text)
    {
        Micros = micros;
        Text = text;
    }

    /// <summary>Since the machine entered the image.</summary>
    public long Micros { get; }

    /// <summary>What was said.</summary>
    public ReadOnlySpan<byte> Text { get; }

    public LogLevel Level
    {
        get
        {
            if (Text.StartsWith("error: "u8)) return LogLevel.Error;
            if (Text.StartsWith("warning: "u8) || Text.IndexOf("; warning: "u8) >= 0) return LogLevel.Warning;
            bool isNotice = Text.StartsWith("ready: "u8) || Text.StartsWith("settings: "u8) || Text.StartsWith("drain: "u8)
                || Text.StartsWith("shutdown: "u8) || Text.StartsWith("reboot: "u8);
            return isNotice ? LogLevel.Notice : LogLevel.Info;
        }
    }

    /// <summary>"[  123456 us] TEXT"; fails for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out LogLine parsed)
    {
        parsed = default;
        int end = line.IndexOf(" us] "u8);
        if (end < 0 || line[0] != '[') return false;
        ReadOnlySpan<byte> digits = line.Slice(1, end - 1);
        while (digits.Length > 0 && digits[0] == ' ') digits = digits.Slice(1);
        if (!AsciiDecimal.TryParse(digits, out ulong micros) || micros > long.MaxValue) return false;
        parsed = new LogLine((long)micros, line.Slice(end + 5));
        return true;
    }
}
