using System;

namespace Memcachier.Configuration;

/// <summary>All that is known of one setting: a row of <see cref="SettingList"/>.</summary>
public readonly ref struct Setting
{
    // The texts in one, a line each: a row with a span for each would be too large to be handed around.
    private readonly ReadOnlySpan<byte> _texts;

    /// <param name="texts">
    /// Name, help, the unit or choices or form, and the default in words, with line feeds between them; the last ones may
    /// be missing.
    /// </param>
    public Setting(SettingId id, SettingType type, ReadOnlySpan<byte> texts)
    {
        Id = id;
        Type = type;
        _texts = texts;
    }

    public SettingId Id { get; }

    public SettingType Type { get; }

    /// <summary>
    /// As it is called in files and by the API: memcached's long option with underscores where it has one, else its name
    /// behind -o or in stats settings, else ours. A dot divides a group from its member.
    /// </summary>
    public ReadOnlySpan<byte> Name => Text(0);

    /// <summary>memcached's letter; 0 for none.</summary>
    public byte Switch { get; init; }

    /// <summary>Whether memcached has it behind -o, by its name.</summary>
    public bool IsExtended { get; init; }

    /// <summary>The least that a number or a size may be.</summary>
    public long Min { get; init; }

    /// <summary>The most that a number or a size may be.</summary>
    public long Max { get; init; }

    /// <summary>
    /// What a number, a size, a flag or a choice (counted from 0) is if nobody says anything. With
    /// <see cref="DefaultText"/> it is not a value, but stands for what that says.
    /// </summary>
    public long Default { get; init; }

    /// <summary>The default in words, where it is not a value.</summary>
    public ReadOnlySpan<byte> DefaultText => Text(3);

    /// <summary>What a number counts; empty for a mere number.</summary>
    public ReadOnlySpan<byte> Unit => Type == SettingType.Number ? Text(2) : default;

    /// <summary>The names that may be chosen, with commas between them.</summary>
    public ReadOnlySpan<byte> Choices => Type == SettingType.Choice ? Text(2) : default;

    /// <summary>What a value of another type looks like.</summary>
    public ReadOnlySpan<byte> Format => IsNumeric ? default : Text(2);

    public SettingChange Change { get; init; }

    /// <summary>Nobody is shown the value.</summary>
    public bool IsSecret { get; init; }

    /// <summary>One sentence for people, without a full stop.</summary>
    public ReadOnlySpan<byte> Help => Text(1);

    /// <summary>Whether there may be several values, as a list in a file.</summary>
    public bool IsList => Type is SettingType.Names or SettingType.Nodes or SettingType.Login;

    /// <summary>Whether the value is a number inside: also flags, choices and characters are.</summary>
    public bool IsNumeric => Type <= SettingType.Character;

    private ReadOnlySpan<byte> Text(int number)
    {
        ReadOnlySpan<byte> rest = _texts;
        for (int i = 0; i < number; i++) _ = SettingValue.TakeUntil(ref rest, (byte)'\n');
        return SettingValue.TakeUntil(ref rest, (byte)'\n');
    }
}
