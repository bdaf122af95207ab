using System;
using System.Globalization;
using System.Text;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>The meta commands.</summary>
internal partial class StoreModel
{
    private void AnswerMeta(Operation operation, string key, ExpectedAnswer answer)
    {
        Int128 compared = Compared(operation.Meta, key, answer);
        switch (operation.Verb)
        {
            case Verb.MetaGet:
                MetaGet(operation.Meta, key, compared, answer);
                break;
            case Verb.MetaSet:
                MetaSet(operation, key, compared, answer);
                break;
            case Verb.MetaDelete:
                answer.Add(MetaDelete(operation, key, compared, answer));
                break;
            default:
                MetaAdd(operation, key, compared, answer);
                break;
        }
    }

    protected virtual bool CanBeWon(Entry entry) => !entry.IsWon;

    private void MetaGet(MetaArguments meta, string key, Int128 compared, ExpectedAnswer answer)
    {
        Entry? entry = Find(key);
        bool isCreated = entry == null && meta.VivifyExptime != null;
        if (isCreated)
        {
            entry = Put(key, [], flags: 0, meta.VivifyExptime!.Value, VersionFor(meta.NewCas, answer));
        }
        if (entry == null)
        {
            answer.Add("EN\r\n");
            return;
        }
        long exptimeBefore = entry.Exptime;
        if (meta.Exptime is int exptime) entry.Exptime = Absolute(exptime);
        bool hasValue = meta.HasValue && (meta.Compared == CasChoice.None || compared != Rank(entry, answer));
        answer.Add(hasValue ? $"VA {entry.Value.Length}" : "HD");
        foreach (char flag in meta.Asked)
        {
            switch (flag)
            {
                case 'c':
                    answer.Add(" c");
                    answer.AddCas(key, entry.Version);
                    break;
                case 'v':
                    break;
                default:
                    answer.Add(string.Create(CultureInfo.InvariantCulture, $" {flag}{Property(entry, flag)}"));
                    break;
            }
        }

        bool wasWon = !CanBeWon(entry);
        long judged = meta.IsRecacheFirst ? exptimeBefore : entry.Exptime;
        bool isOld = meta.RecacheExptime is int recache && judged != 0 && judged < Absolute(recache);
        bool wins = isCreated || (!wasWon && (entry.IsStale || isOld));
        if (wasWon) answer.Add(" Z");
        if (entry.IsStale) answer.Add(" X");
        if (wins) answer.Add(" W");
        entry.IsWon |= wins;
        answer.Add("\r\n");
        if (hasValue)
        {
            answer.Add(entry.Value);
            answer.Add("\r\n");
        }
        if (!meta.IsUnseen) _ = Read(key);
    }

    private long Property(Entry entry, char flag) => flag switch
    {
        's' => entry.Value.Length,
        'f' => entry.Flags,
        'h' => entry.IsFetched ? 1 : 0,
        'l' => Now - entry.Time,
        't' => SecondsLeft(entry),
        _ => throw new InvalidOperationException($"no flag {flag}"),
    };

    private long SecondsLeft(Entry entry) => entry.Exptime == 0 ? -1 : Math.Max(0, entry.Exptime - Now);

    private void MetaSet(Operation operation, string key, Int128 compared, ExpectedAnswer answer)
    {
        MetaArguments meta = operation.Meta;
        Entry? old = Find(key);
        byte[] value = operation.Value.ToArray();
        int length = value.Length;
        Int128 oldRank = old == null ? 0 : Rank(old, answer);
        bool isCompared = meta.Compared != CasChoice.None && compared != 0;
        bool isMatch = isCompared && compared == oldRank;
        bool isStale = meta.Invalidates && isCompared && compared < oldRank;
        bool isJoining = meta.Mode is 'A' or 'P';
        string status = meta.Mode switch
        {
            'E' => old == null ? "HD" : "NS",
            'A' or 'P' when old == null => meta.VivifyExptime == null ? "NS" : "HD",
            'A' or 'P' => isCompared && !isMatch ? "EX" : "HD",
            _ when meta.Compared != CasChoice.None => old == null ? "NF" : isMatch || isStale ? "HD" : "EX",
            'R' => old == null ? "NS" : "HD",
            _ => "HD",
        };
        Entry? stored = null;
        if (status == "HD")
        {
            // 0 is no number for ms.
            long version = VersionFor(meta.NewCas == 0 ? null : meta.NewCas, answer);
            if (isJoining && old != null)
            {
                value = meta.Mode == 'A' ? [.. old.Value, .. value] : [.. value, .. old.Value];
                length = value.Length;
                stored = Put(key, value, old.Flags, exptime: 0, version);
                stored.Exptime = old.Exptime;
            }
            else
            {
                int exptime = (isJoining ? meta.VivifyExptime : meta.Exptime) ?? 0;
                stored = Put(key, value, operation.Flags, exptime, version);
                bool isCas = meta.Compared != CasChoice.None && !isJoining && meta.Mode != 'E';
                if (isCas && isStale && !isMatch)
                {
                    stored.Exptime = old!.Exptime;
                    stored.IsStale = true;
                    stored.IsWon = old.IsWon;
                }
            }
        }
        else if (status == "NS" && old != null)
        {
            old.Time = Now;
        }
        if (LengthOf(key) > _setting.ValueLengthMax) IsDefined = false;

        answer.Add(status);
        foreach (char flag in meta.Asked)
        {
            answer.Add($" {flag}");
            if (flag == 's') answer.Add(length.ToString(CultureInfo.InvariantCulture));
            else if (stored == null) answer.Add("0");
            else answer.AddCas(key, stored.Version);
        }
        answer.Add("\r\n");
    }

    private string MetaDelete(Operation operation, string key, Int128 compared, ExpectedAnswer answer)
    {
        MetaArguments meta = operation.Meta;
        Entry? entry = Find(key);
        if (entry == null) return "NF\r\n";
        if (meta.Compared != CasChoice.None && compared != Rank(entry, answer)) return "EX\r\n";
        if (meta.DropsValue)
        {
            entry = Put(key, [], operation.Flags, meta.Exptime ?? 0, entry.Version);
            if (meta.NewCas != null) entry.Version = VersionFor(meta.NewCas, answer);
        }
        if (meta.Invalidates)
        {
            if (meta.Exptime is int exptime) entry.Exptime = Absolute(exptime);
            entry.IsStale = true;
            entry.IsWon = false;
            entry.Version = VersionFor(meta.NewCas, answer);
        }
        if (!meta.DropsValue && !meta.Invalidates) _ = _entries.Remove(key);
        return "HD\r\n";
    }

    private void MetaAdd(Operation operation, string key, Int128 compared, ExpectedAnswer answer)
    {
        MetaArguments meta = operation.Meta;
        Entry? entry = Find(key);
        string text;
        if (entry == null)
        {
            if (meta.VivifyExptime == null)
            {
                answer.Add("NF\r\n");
                return;
            }
            text = (meta.Initial ?? 0).ToString(CultureInfo.InvariantCulture);
            entry = Put(
                key, Encoding.Latin1.GetBytes(text), flags: 0, meta.VivifyExptime.Value, VersionFor(meta.NewCas, answer));
        }
        else
        {
            bool isNumberPossible = entry.Value.Length > 0 && entry.Value.Length <= _setting.NumberLengthMax;
            if (isNumberPossible && compared != 0 && compared != Rank(entry, answer))
            {
                answer.Add("EX\r\n");
                return;
            }
            text = Change(entry, isIncrement: meta.Mode is not ('D' or '-'), operation.Delta, meta.NewCas, answer);
            if (!char.IsAsciiDigit(text[0]))
            {
                answer.Add(text + "\r\n");
                return;
            }
        }
        if (meta.Exptime is int exptime) entry.Exptime = Absolute(exptime);
        answer.Add(meta.HasValue ? string.Create(CultureInfo.InvariantCulture, $"VA {text.Length}") : "HD");
        foreach (char flag in meta.Asked)
        {
            if (flag == 'v') continue;
            answer.Add($" {flag}");
            if (flag == 'c') answer.AddCas(key, entry.Version);
            else answer.Add(SecondsLeft(entry).ToString(CultureInfo.InvariantCulture));
        }
        answer.Add(meta.HasValue ? $"\r\n{text}\r\n" : "\r\n");
    }

    private Entry Put(string key, byte[] value, uint flags, int exptime, long version)
    {
        var entry = new Entry
        {
            Flags = flags, Exptime = Absolute(exptime), Value = value, Time = Now, Version = version,
        };
        _entries[key] = entry;
        return entry;
    }

    private long VersionFor(ulong? newCas, ExpectedAnswer answer) =>
        newCas is ulong cas ? answer.VersionOf(cas) : ++_lastVersion;

    /// <summary>
    /// Where a cas unique is in their order: those that a server gives out, in the order of versions, lie between 0 and
    /// all that clients choose. What is one less than such a number is odd.
    /// </summary>
    private static Int128 Rank(Entry entry, ExpectedAnswer answer) => RankOf(entry.Version, answer);

    private static Int128 RankOf(long version, ExpectedAnswer answer) =>
        2 * (version > 0 ? version : (Int128)answer.CasOf(version));

    private static Int128 Compared(MetaArguments meta, string key, ExpectedAnswer answer)
    {
        long seen = answer.SeenVersion(key);
        switch (meta.Compared)
        {
            case CasChoice.Seen:
                return RankOf(seen, answer);
            case CasChoice.Below when answer.CasOf(seen) > 1:
                return RankOf(seen, answer) - 1;
            case CasChoice.None or CasChoice.Zero:
                return 0;
            default:
                return 2 * (Int128)Operation.WrongCas;
        }
    }
}
