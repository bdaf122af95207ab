using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;

namespace Memcachier.Appliance.Tests.Cache;

/// <summary>What a store of unlimited memory would do, written to be obvious.</summary>
internal sealed class StoreModel
{
    private readonly Dictionary<string, Entry> _entries = [];
    private long _oldestLive = -1;

    public long Now { get; set; } = Lifetime.FirstSecond;

    public long UnixAtZero { get; set; }

    public int Count => _entries.Count;

    public Entry? Find(string key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry)) return null;
        bool isFlushed = entry.Time <= _oldestLive && _oldestLive <= Now;
        bool isExpired = entry.Exptime != 0 && entry.Exptime <= Now;
        if (!isFlushed && !isExpired) return entry;
        _ = _entries.Remove(key);
        return null;
    }

    public Entry? Get(string key)
    {
        Entry? entry = Find(key);
        if (entry != null) entry.Time = Now;
        return entry;
    }

    public bool Touch(string key, int exptime)
    {
        Entry? entry = Get(key);
        if (entry == null) return false;
        entry.Exptime = Absolute(exptime);
        return true;
    }

    public bool Delete(string key) => Find(key) != null && _entries.Remove(key);

    public StoreResult Put(StoreMode mode, string key, uint flags, int exptime, byte[] value, ulong cas)
    {
        Entry? old = Find(key);
        switch (mode)
        {
            case StoreMode.Add when old != null:
            case StoreMode.Replace or StoreMode.Append or StoreMode.Prepend when old == null:
                return StoreResult.NotStored;
            case StoreMode.Cas when old == null:
                return StoreResult.NotFound;
            case StoreMode.Cas when old!.Cas != cas:
                return StoreResult.Exists;
            case StoreMode.Append:
                Join(key, old!, [.. old!.Value, .. value]);
                return StoreResult.Stored;
            case StoreMode.Prepend:
                Join(key, old!, [.. value, .. old!.Value]);
                return StoreResult.Stored;
            default:
                _entries[key] = new Entry { Flags = flags, Exptime = Absolute(exptime), Value = value, Time = Now };
                return StoreResult.Stored;
        }
    }

    public DeltaResult Add(string key, bool isIncrement, ulong delta, out ulong value)
    {
        value = 0;
        Entry? entry = Find(key);
        if (entry == null) return DeltaResult.NotFound;
        // As C reads it: what follows the digits after white space does not matter.
        string digits = Encoding.Latin1.GetString(entry.Value).Split(' ', '\t', '\n', '\v', '\f', '\r', '\0')[0];
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out ulong old))
        {
            return DeltaResult.NonNumeric;
        }
        value = isIncrement ? unchecked(old + delta) : delta > old ? 0 : old - delta;
        entry.Value = Encoding.Latin1.GetBytes(
            value.ToString(CultureInfo.InvariantCulture).PadRight(entry.Value.Length, ' '));
        entry.Cas = 0;
        entry.Time = Now;
        return DeltaResult.Done;
    }

    public void Flush(int exptime)
    {
        long target = exptime > 0 ? Absolute(exptime) - 1 : Now - 1;
        _oldestLive = target;
        if (target < Now) _entries.Clear();
    }

    private void Join(string key, Entry old, byte[] value) =>
        _entries[key] = new Entry { Flags = old.Flags, Exptime = old.Exptime, Value = value, Time = Now };

    private long Absolute(int exptime)
    {
        if (exptime == 0) return 0;
        if (exptime < 0) return 1;
        return exptime <= Lifetime.RelativeMax ? Now + exptime : Math.Max(1, exptime - UnixAtZero);
    }

    internal sealed class Entry
    {
        public uint Flags { get; set; }

        public long Exptime { get; set; }

        public long Time { get; set; }

        public required byte[] Value { get; set; }

        /// <summary>As the store told it; 0 if it changed since.</summary>
        public ulong Cas { get; set; }
    }
}
