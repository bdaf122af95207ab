using System;
using Memcachier.Kernel.Base;

namespace Memcachier.Configuration;

/// <summary>
/// The settings as user data has them, in a tree: memcachier, group, name. Says what a key means where it stands, and
/// sets its value. Both languages of user data are read into this.
/// </summary>
internal struct SettingTree
{
    /// <summary>The key of the settings among other people's.</summary>
    private static ReadOnlySpan<byte> Root => "memcachier"u8;

    private readonly Settings _settings;
    private readonly Remarks _remarks;
    private readonly SettingSource _source;
    private readonly long _unixSeconds;
    private readonly bool _isCloudConfig;

    // A bit for each SettingId: those that were there, and the groups by their first setting. Bit 0 is the root's.
    private ulong _seen;
    private ulong _seenGroups;

    /// <param name="unixSeconds">When: the version of a cluster's nodes.</param>
    /// <param name="source">What the values and remarks are said to come from.</param>
    /// <param name="isCloudConfig">At the top stand other people's keys.</param>
    public SettingTree(Settings settings, Remarks remarks, long unixSeconds, SettingSource source, bool isCloudConfig)
    {
        Invariant.Holds(SettingList.Count < sizeof(ulong) * 8);
        _settings = settings;
        _remarks = remarks;
        _source = source;
        _unixSeconds = unixSeconds;
        _isCloudConfig = isCloudConfig;
        _seen = 0;
        _seenGroups = 0;
    }

    /// <summary>Whether what stands at a level is other people's, unless its key says otherwise.</summary>
    public readonly bool IsForeign(KeyLevel level) => _isCloudConfig && level == KeyLevel.Top;

    /// <summary>Says what a key means, and remarks on one that means nothing and on one that was there before.</summary>
    /// <param name="group">The name of the group at <see cref="KeyLevel.Group"/>.</param>
    /// <param name="line">Where the key stands.</param>
    /// <param name="setting">The setting; of a group the first one, whose name begins with the group's.</param>
    public KeyMeaning Find(
        KeyLevel level, scoped ReadOnlySpan<byte> group, scoped ReadOnlySpan<byte> key, int line, out Setting setting)
    {
        setting = default;
        bool isRoot = level == KeyLevel.Top && key.SequenceEqual(Root);
        if (isRoot) return Meet(SettingId.None, Root, line, ref _seenGroups, KeyMeaning.Settings);
        if (IsForeign(level)) return FindForeign(key, out setting);
        if (level == KeyLevel.Group)
        {
            if (SettingList.TryFind(group, key, out setting)) return Meet(in setting, line);
            AddUnknown(group, key, line);
            return KeyMeaning.None;
        }
        if (SettingList.TryFind(key, out setting)) return Meet(in setting, line);
        SettingId first = SettingList.FirstOf(key);
        if (first == SettingId.None)
        {
            AddUnknown(default, key, line);
            return KeyMeaning.None;
        }
        setting = SettingList.Get(first);
        return Meet(first, key, line, ref _seenGroups, KeyMeaning.Group);
    }

    /// <summary>Takes a value, or remarks on it.</summary>
    public readonly void Set(scoped in Setting setting, scoped ReadOnlySpan<byte> value, int line)
    {
        SetOutcome outcome = _settings.TrySet(setting.Id, value, _source, _unixSeconds);
        if (outcome == SetOutcome.Done)
        {
            _settings.Places.Note(setting.Id, line, setting.Name);
        }
        else if (outcome == SetOutcome.BadValue)
        {
            RemarkKind kind = SecretGuard.KindOf(setting.Id);
            ReadOnlySpan<byte> shown = setting.IsSecret ? default : value;
            _remarks.Add(kind, _source, line, setting.Name, shown, setting.Id, value.Length == 0);
        }
    }

    /// <summary>Remarks on a line, or on what has a name in it.</summary>
    public readonly void Add(RemarkKind kind, int line, scoped ReadOnlySpan<byte> name) =>
        _remarks.Add(kind, _source, line, name);

    /// <summary>
    /// Of other people's keys the host name says what ours would, which goes before it, wherever it stands.
    /// </summary>
    private readonly KeyMeaning FindForeign(scoped ReadOnlySpan<byte> key, out Setting setting)
    {
        setting = default;
        if (!key.SequenceEqual("hostname"u8)) return KeyMeaning.None;
        setting = SettingList.Get(SettingId.HostName);
        return (_seen >> (int)SettingId.HostName & 1) == 0 ? KeyMeaning.Setting : KeyMeaning.None;
    }

    private KeyMeaning Meet(scoped in Setting setting, int line) =>
        Meet(setting.Id, setting.Name, line, ref _seen, KeyMeaning.Setting);

    private readonly KeyMeaning Meet(
        SettingId id, scoped ReadOnlySpan<byte> name, int line, scoped ref ulong seen, KeyMeaning meaning)
    {
        ulong bit = 1UL << (int)id;
        if ((seen & bit) != 0)
        {
            _remarks.Add(RemarkKind.Duplicate, _source, line, name);
            return KeyMeaning.None;
        }
        seen |= bit;
        return meaning;
    }

    /// <summary>"GROUP.KEY is unknown"</summary>
    private readonly void AddUnknown(scoped ReadOnlySpan<byte> group, scoped ReadOnlySpan<byte> key, int line)
    {
        // Who writes NAME=VALUE with a colon behind it should not find a password on the console.
        key = key.Slice(0, SecretGuard.ShownLength(key));
        var name = new LineBuilder(stackalloc byte[Remarks.OptionLengthMax]);
        name.Append(group);
        if (group.Length > 0) name.Append("."u8);
        name.Append(key);
        _remarks.Add(RemarkKind.Unknown, _source, line, name.Octets);
    }
}
