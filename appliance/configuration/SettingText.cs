using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Configuration;

/// <summary>Says what a setting may be, in words.</summary>
public static class SettingText
{
    /// <summary>The range, the choices or the form: what follows "is not" in a remark.</summary>
    public static void AppendRange(in Setting setting, ref LineBuilder line)
    {
        switch (setting.Type)
        {
            case SettingType.Flag:
                line.Append("true or false"u8);
                break;
            case SettingType.Number:
                line.Append("between "u8);
                line.AppendDecimal((ulong)setting.Min);
                line.Append(" and "u8);
                line.AppendDecimal((ulong)setting.Max);
                AppendUnit(in setting, ref line);
                break;
            case SettingType.Size:
            case SettingType.PowerOfTwo:
                if (setting.Type == SettingType.PowerOfTwo) line.Append("a power of two "u8);
                line.Append("between "u8);
                AppendSize(setting.Min, ref line);
                line.Append(" and "u8);
                AppendSize(setting.Max, ref line);
                break;
            case SettingType.Choice:
                AppendChoices(setting.Choices, ref line);
                break;
            case SettingType.Character:
                line.Append("one character"u8);
                break;
            default:
                line.Append(setting.Format);
                break;
        }
    }

    /// <summary>What holds if nobody says anything.</summary>
    public static void AppendDefault(in Setting setting, ref LineBuilder line)
    {
        if (setting.DefaultText.Length > 0)
        {
            line.Append(setting.DefaultText);
            return;
        }
        AppendNumber(in setting, setting.Default, ref line);
        if (setting.Type == SettingType.Number) AppendUnit(in setting, ref line);
    }

    /// <summary>A value of a numeric setting, as it can be written.</summary>
    public static void AppendNumber(in Setting setting, long value, ref LineBuilder line)
    {
        switch (setting.Type)
        {
            case SettingType.Flag:
                line.Append(value != 0 ? "true"u8 : "false"u8);
                break;
            case SettingType.Size:
            case SettingType.PowerOfTwo:
                AppendSize(value, ref line);
                break;
            case SettingType.Choice:
                ReadOnlySpan<byte> choices = setting.Choices;
                for (long i = 0; i < value; i++) _ = SettingValue.TakeUntil(ref choices, (byte)',');
                line.Append(SettingValue.TakeUntil(ref choices, (byte)','));
                break;
            case SettingType.Character:
                Span<byte> one = stackalloc byte[1];
                one[0] = (byte)value;
                line.Append(one);
                break;
            default:
                line.AppendDecimal((ulong)value);
                break;
        }
    }

    /// <summary>The source in words.</summary>
    public static ReadOnlySpan<byte> NameOf(SettingSource source) => source switch
    {
        SettingSource.UserData => "user data"u8,
        SettingSource.FirmwareConfiguration => "fw_cfg"u8,
        SettingSource.CommandLine => "command line"u8,
        SettingSource.Api => "api"u8,
        _ => "default"u8,
    };

    private static void AppendUnit(in Setting setting, ref LineBuilder line)
    {
        if (setting.Unit.Length == 0) return;
        line.Append(" "u8);
        line.Append(setting.Unit);
    }

    /// <summary>a, b or c</summary>
    private static void AppendChoices(ReadOnlySpan<byte> choices, ref LineBuilder line)
    {
        while (choices.Length > 0)
        {
            line.Append(SettingValue.TakeUntil(ref choices, (byte)','));
            if (choices.Length > 0) line.Append(choices.IndexOf((byte)',') < 0 ? " or "u8 : ", "u8);
        }
    }

    /// <summary>With the largest unit that divides it.</summary>
    private static void AppendSize(long bytes, ref LineBuilder line)
    {
        int unit = 0;
        while (unit < 3 && bytes > 0 && bytes % 1024 == 0)
        {
            bytes /= 1024;
            unit++;
        }
        line.AppendDecimal((ulong)bytes);
        if (unit > 0) line.Append("kmg"u8.Slice(unit - 1, 1));
    }
}
