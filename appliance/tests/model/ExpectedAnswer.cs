using System;
using System.Buffers.Text;
using System.Collections.Generic;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>
/// The answer to some requests, to the byte, except that where a cas unique belongs it has the version of the item: any
/// number will do there, as long as equal numbers mean equal versions.
/// </summary>
internal sealed class ExpectedAnswer
{
    private readonly List<byte> _octets = [];
    private readonly List<Mark> _marks = [];
    private readonly Dictionary<long, ulong> _casOfVersion = [];
    private readonly Dictionary<ulong, long> _versionOfCas = [];
    private readonly Dictionary<string, long> _seen = [];

    private long _lastChosenVersion;

    public int Length => _octets.Count;

    /// <summary>The version that the last answer with a cas unique told of this key, 0 if none did.</summary>
    public long SeenVersion(string key) => _seen.GetValueOrDefault(key);

    public ulong CasOf(long version) => version == 0 ? Operation.WrongCas : _casOfVersion[version];

    /// <summary>The version that stands for a cas unique that a client has chosen: a negative one.</summary>
    public long VersionOf(ulong cas)
    {
        if (_versionOfCas.TryGetValue(cas, out long version)) return version;
        _casOfVersion[--_lastChosenVersion] = cas;
        _versionOfCas[cas] = _lastChosenVersion;
        return _lastChosenVersion;
    }

    /// <summary>For the next requests; what numbers mean which version is kept.</summary>
    public void Clear()
    {
        _octets.Clear();
        _marks.Clear();
    }

    public void Add(string text)
    {
        Span<byte> place = stackalloc byte[text.Length];
        _octets.AddRange(place.Slice(0, Encoding.Latin1.GetBytes(text, place)));
    }

    public void Add(ReadOnlySpan<byte> octets) => _octets.AddRange(octets);

    public void AddCas(string key, long version) => _marks.Add(new Mark(_octets.Count, key, version));

    /// <summary>Learns the cas uniques of what was answered.</summary>
    /// <returns>False if it is not as expected; then where the difference is, counted in expected bytes.</returns>
    public bool Matches(ReadOnlySpan<byte> actual, out int difference)
    {
        ReadOnlySpan<byte> expected = CollectionsMarshal.AsSpan(_octets);
        difference = 0;
        foreach (Mark mark in _marks)
        {
            ReadOnlySpan<byte> part = expected.Slice(difference, mark.Offset - difference);
            int equal = actual.CommonPrefixLength(part);
            difference += equal;
            if (equal < part.Length) return false;
            actual = actual.Slice(equal);
            if (!Utf8Parser.TryParse(actual, out ulong cas, out int length)) return false;
            if (!_casOfVersion.TryAdd(mark.Version, cas) && _casOfVersion[mark.Version] != cas) return false;
            if (!_versionOfCas.TryAdd(cas, mark.Version) && _versionOfCas[cas] != mark.Version) return false;
            _seen[mark.Key] = mark.Version;
            actual = actual.Slice(length);
        }
        ReadOnlySpan<byte> rest = expected.Slice(difference);
        if (actual.SequenceEqual(rest)) return true;
        difference += actual.CommonPrefixLength(rest);
        return false;
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        ReadOnlySpan<byte> octets = CollectionsMarshal.AsSpan(_octets);
        int start = 0;
        foreach (Mark mark in _marks)
        {
            _ = text.Append(Encoding.Latin1.GetString(octets.Slice(start, mark.Offset - start)));
            string cas = _casOfVersion.TryGetValue(mark.Version, out ulong known)
                ? known.ToString(CultureInfo.InvariantCulture)
                : "new";
            _ = text.Append(CultureInfo.InvariantCulture, $"(cas of version {mark.Version}: {cas})");
            start = mark.Offset;
        }
        return text.Append(Encoding.Latin1.GetString(octets.Slice(start))).ToString();
    }

    private readonly record struct Mark(int Offset, string Key, long Version);
}
