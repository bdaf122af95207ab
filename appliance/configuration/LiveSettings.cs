using System;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Server;

namespace Memcachier.Configuration;

/// <summary>
/// The settings while the machine serves: what may change then (<see cref="SettingChange.Run"/>) changes here, and holds
/// from the next request on.
/// </summary>
public sealed class LiveSettings
{
    private const long Mebibyte = 1 << 20;

    private readonly Settings _settings;
    private readonly ServerSettings _server;
    private readonly Store _store;

    /// <param name="settings">As they were read at boot.</param>
    /// <param name="server">The object that all sessions look at.</param>
    /// <param name="store">Whose memory has a limit.</param>
    public LiveSettings(Settings settings, ServerSettings server, Store store)
    {
        _settings = settings;
        _server = server;
        _store = store;
    }

    /// <summary>All of them, to read.</summary>
    public Settings Values => _settings;

    /// <summary>How often something has changed: whoever has copied a value sees that it has to look again.</summary>
    public int ChangeCount { get; private set; }

    /// <summary>Whether a value, in words, is one that can be set now.</summary>
    public bool IsPossible(SettingId id, ReadOnlySpan<byte> value)
    {
        if (!_settings.IsValue(id, value)) return false;
        if (id != SettingId.Memory) return true;
        bool isNumber = AsciiDecimal.TryParse(value, out ulong mebibytes);
        Invariant.Holds(isNumber);
        return _store.IsMemoryLimitPossible((long)mebibytes * Mebibyte);
    }

    /// <summary>Sets a value that <see cref="IsPossible"/>.</summary>
    /// <param name="unixSeconds">When: the version of a cluster's nodes.</param>
    public void Set(SettingId id, ReadOnlySpan<byte> value, long unixSeconds)
    {
        Invariant.Holds(SettingList.Get(id).Change == SettingChange.Run);
        SetOutcome outcome = _settings.TrySet(id, value, SettingSource.Api, unixSeconds);
        Invariant.Holds(outcome == SetOutcome.Done);
        Apply(id);
    }

    /// <summary>Sets what holds if nobody says anything. Not of a secret: it has nothing to go back to.</summary>
    /// <param name="unixSeconds">As in <see cref="Set"/>.</param>
    public void Reset(SettingId id, long unixSeconds)
    {
        Setting setting = SettingList.Get(id);
        Invariant.Holds(setting.Change == SettingChange.Run);
        Invariant.Holds(!setting.IsSecret);
        _settings.Reset(id, unixSeconds);
        Apply(id);
    }

    private void Apply(SettingId id)
    {
        ChangeCount++;
        _settings.ApplyTo(_server);
        if (id != SettingId.Memory) return;
        long limit = _settings.StoreBytesMax != 0 ? _settings.StoreBytesMax : _store.MemoryLength;
        bool isSet = _store.TrySetMemoryLimit(limit);
        Invariant.Holds(isSet);
    }
}
