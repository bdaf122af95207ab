using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Configuration;

/// <summary>What -h prints: a line for each setting.</summary>
public static class HelpText
{
    /// <summary>How many lines there are.</summary>
    public const int LineCount = SettingList.Count + 2;

    /// <summary>Bytes of the longest line.</summary>
    public const int LineLengthMax = 240;

    private const int NameColumn = 32;

    /// <summary>Writes one of the lines, counted from 0.</summary>
    public static void Append(int number, ref LineBuilder line)
    {
        if (number == 0)
        {
            line.Append("settings: memcached's options or NAME=VALUE on the command line, NAME: VALUE in user data"u8);
            return;
        }
        if (number > SettingList.Count)
        {
            line.Append("memcached's other options are accepted and ignored; docs/settings.md says more"u8);
            return;
        }
        Setting setting = SettingList.Get((SettingId)number);
        int start = line.Octets.Length;
        line.Append("  "u8);
        AppendForms(in setting, ref line);
        line.Append(setting.Name);
        line.Append(" "u8);
        while (line.Octets.Length - start < NameColumn) line.Append(" "u8);
        line.Append(setting.Help);
        line.Append(": "u8);
        SettingText.AppendRange(in setting, ref line);
        line.Append("; default "u8);
        SettingText.AppendDefault(in setting, ref line);
    }

    /// <summary>"-m, " or "-o " or nothing</summary>
    private static void AppendForms(in Setting setting, ref LineBuilder line)
    {
        if (setting.IsExtended) line.Append("-o "u8);
        if (setting.Switch == 0) return;
        Span<byte> letter = stackalloc byte[1];
        letter[0] = setting.Switch;
        line.Append("-"u8);
        line.Append(letter);
        line.Append(", "u8);
    }
}
