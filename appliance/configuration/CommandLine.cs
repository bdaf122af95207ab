using System;

namespace Memcachier.Configuration;

/// <summary>
/// Reads the kernel command line: settings as NAME=VALUE, and memcached's options as one would type them. What cannot be
/// followed is remarked on, and the machine boots without it.
/// </summary>
public ref struct CommandLine
{
    private readonly ReadOnlySpan<byte> _text;
    private readonly Settings _settings;
    private readonly Remarks _remarks;
    private readonly SettingSource _source;
    private readonly long _unixSeconds;
    private SecretGuard _guard;
    private int _position;

    private CommandLine(
        ReadOnlySpan<byte> text, Settings settings, Remarks remarks, SettingSource source, long unixSeconds)
    {
        _unixSeconds = unixSeconds;
        _text = text;
        _settings = settings;
        _remarks = remarks;
        _source = source;
    }

    /// <summary>
    /// Changes <paramref name="settings"/> as <paramref name="text"/> says. After the last source comes
    /// <see cref="LoginCheck"/>.
    /// </summary>
    /// <param name="unixSeconds">When: the version of a cluster's nodes.</param>
    public static void Apply(
        ReadOnlySpan<byte> text,
        Settings settings,
        Remarks remarks,
        long unixSeconds = 0,
        SettingSource source = SettingSource.CommandLine)
    {
        var line = new CommandLine(text, settings, remarks, source, unixSeconds);
        while (line.TryTakeWord(out int start, out ReadOnlySpan<byte> word))
        {
            if (word.Length > 2 && word.StartsWith("--"u8)) line.ApplyLong(start, word);
            else if (word.Length > 1 && word[0] == '-') line.ApplySwitches(start, word);
            else line.ApplyOption(start, word);
        }
    }

    /// <summary>NAME=VALUE</summary>
    private void ApplyOption(int start, ReadOnlySpan<byte> word)
    {
        int equals = word.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? word : word.Slice(0, equals);
        if (SettingList.TryFind(name, out Setting setting))
        {
            if (setting.IsSecret && equals < 0)
            {
                AddUnknown(start, word);
                return;
            }
            ReadOnlySpan<byte> value = equals < 0 ? default : word.Slice(equals + 1);
            Apply(in setting, value, start, start + word.Length);
            return;
        }
        if (!name.SequenceEqual("virtio_mmio.device"u8)) AddUnknown(start, word);       // that is for the drivers
    }

    private void AddUnknown(int start, ReadOnlySpan<byte> word)
    {
        bool isLinux = LinuxOptions.Contains(word, out bool isNamed);
        // What a hypervisor appends behind a secret is not the rest of it.
        bool isOther = isLinux && isNamed;
        if (!isOther && _guard.TryBlame(_text, start, word.Length, _source, _settings, _remarks)) return;
        RemarkKind kind = isLinux ? RemarkKind.ForLinux : RemarkKind.Unknown;
        _remarks.Add(kind, _source, 0, word.Slice(0, SecretGuard.ShownLength(word)));
    }

    /// <summary>
    /// As getopt: letters without values may follow each other, and a value may follow its letter at once.
    /// </summary>
    private void ApplySwitches(int start, ReadOnlySpan<byte> word)
    {
        for (int i = 1; i < word.Length; i++)
        {
            byte letter = word[i];
            ReadOnlySpan<byte> value = default;
            int end = start + word.Length;
            if (MemcachedOptions.TakesValue(letter))
            {
                value = word.Slice(i + 1);
                i = word.Length;
                if (value.Length == 0) TakeValue(ref end, out value);
            }
            RemarkKind kind = ApplySwitch(letter, value, start, end);
            if (kind == RemarkKind.Unknown) return;
        }
    }

    /// <summary>
    /// As getopt_long: --NAME=VALUE, or --NAME VALUE if it must have one; a beginning of a name is enough if no other
    /// begins so.
    /// </summary>
    private void ApplyLong(int start, ReadOnlySpan<byte> word)
    {
        int equals = word.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = word.Slice(2, (equals < 0 ? word.Length : equals) - 2);
        int end = start + word.Length;
        if (!MemcachedOptions.TryFindLong(name, out byte letter, out byte takes, out bool isAmbiguous))
        {
            RemarkKind kind = isAmbiguous ? RemarkKind.Ambiguous : RemarkKind.Unknown;
            _remarks.Add(kind, _source, 0, word.Slice(0, SecretGuard.ShownLength(word)));
            return;
        }
        if (equals >= 0 && takes == '-')
        {
            _remarks.Add(RemarkKind.TakesNoValue, _source, 0, word.Slice(0, SecretGuard.ShownLength(word)));
            return;
        }
        ReadOnlySpan<byte> value = equals < 0 ? default : word.Slice(equals + 1);
        if (equals < 0 && takes == ':') TakeValue(ref end, out value);
        // Who confuses --user with user= should not find the password on the console.
        if (letter == 'u') end = start + 2 + name.Length;
        _ = ApplySwitch(letter, value, start, end);
    }

    /// <summary>Takes the next word, whatever it is, as the value of the option that ends at <paramref name="end"/>.</summary>
    private void TakeValue(scoped ref int end, out ReadOnlySpan<byte> value)
    {
        if (TryTakeWord(out int start, out value)) end = start + value.Length;
    }

    /// <summary>
    /// Follows one of memcached's options, and remarks on it if that does not work; returns
    /// <see cref="RemarkKind.Unknown"/> if there is no such option.
    /// </summary>
    /// <param name="letter">The option.</param>
    /// <param name="value">Its value, which ends where the option does.</param>
    /// <param name="start">Where the word with the option begins.</param>
    /// <param name="end">Where that, or its value, ends.</param>
    private RemarkKind ApplySwitch(byte letter, ReadOnlySpan<byte> value, int start, int end)
    {
        if (letter == 'Y')
        {
            ApplyAuthFile(value, start, end);
        }
        else if (letter == 'h')
        {
            _settings.WantsHelp = true;
        }
        else if (letter == 'o')
        {
            if (value.Length > 0) ApplyExtended(end - value.Length, value);
            else _remarks.Add(RemarkKind.BadValue, _source, 0, _text.Slice(start, end - start));
        }
        else if (SettingList.TryFindSwitch(letter, out Setting setting))
        {
            if (setting.Type == SettingType.Flag) value = "true"u8;
            // memcached ignores what follows the character.
            if (setting.Type == SettingType.Character && value.Length > 1) value = value.Slice(0, 1);
            Apply(in setting, value, start, end);
        }
        else
        {
            RemarkKind kind = MemcachedOptions.RemarkOn(letter);
            _remarks.Add(kind, _source, 0, _text.Slice(start, end - start));
            return kind;
        }
        return RemarkKind.HasNoMeaning;
    }

    /// <summary>
    /// -Y FILE. Without a file it is one all the same: who forgets the file does not mean to let everybody in.
    /// </summary>
    private void ApplyAuthFile(ReadOnlySpan<byte> file, int start, int end)
    {
        int fileStart = end - file.Length;
        // It may be a password that stands where the file should.
        if (file.StartsWith("user="u8)) ApplyOption(fileStart, file);
        while (_text[fileStart - 1] is (byte)' ' or (byte)'=') fileStart--;
        if (_settings.TrySet(SettingId.AsciiAuth, "true"u8, _source) != SetOutcome.Done) return;
        _settings.Places.Note(SettingId.AsciiAuth, 0, _text.Slice(start, fileStart - start));
        _settings.Places.NamesFile = true;
    }

    /// <summary>
    /// -o NAME[=VALUE],...: as getsubopt, which leaves it to each name whether it looks at a value. An empty option is
    /// unknown, and the comma behind it is what can be pointed at.
    /// </summary>
    private void ApplyExtended(int start, ReadOnlySpan<byte> list)
    {
        while (list.Length > 0)
        {
            int length = list.Length;
            ReadOnlySpan<byte> option = SettingValue.TakeUntil(ref list, (byte)',');
            ReadOnlySpan<byte> value = option;
            ReadOnlySpan<byte> name = SettingValue.TakeUntil(ref value, (byte)'=');
            if (SettingList.TryFind(name, out Setting setting) && setting.IsExtended && setting.Name.SequenceEqual(name))
            {
                if (setting.Type == SettingType.Flag) value = "true"u8;
                Apply(in setting, value, start, start + option.Length);
            }
            else
            {
                RemarkKind kind = ExtendedOptions.RemarkOn(name);
                _remarks.Add(kind, _source, 0, _text.Slice(start, Math.Max(option.Length, 1)));
            }
            start += length - list.Length;
        }
    }

    private void Apply(scoped in Setting setting, ReadOnlySpan<byte> value, int start, int end)
    {
        SetOutcome outcome = _settings.TrySet(setting.Id, value, _source, _unixSeconds);
        ReadOnlySpan<byte> option = _text.Slice(start, end - start);
        if (setting.IsSecret)
        {
            option = option.Slice(0, setting.Name.Length + 1);
            _guard.Met(setting.Id, start, option.Length, end, outcome);
        }
        if (outcome == SetOutcome.Done)
        {
            _settings.Places.Note(setting.Id, 0, option);
        }
        else if (outcome == SetOutcome.BadValue)
        {
            RemarkKind kind = SecretGuard.KindOf(setting.Id);
            _remarks.Add(kind, _source, 0, option, setting.Id, value.Length == 0);
        }
    }

    private bool TryTakeWord(out int start, out ReadOnlySpan<byte> word)
    {
        while (_position < _text.Length && _text[_position] == ' ') _position++;
        start = _position;
        while (_position < _text.Length && _text[_position] != ' ') _position++;
        word = _text.Slice(start, _position - start);
        return word.Length > 0;
    }
}
