using System.Collections.Generic;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>
/// What memcached with unlimited memory would answer, written to be obvious. Where that is a matter of luck it is
/// not <see cref="IsDefined"/>. The virtual members are there for tests that get them wrong on purpose.
/// </summary>
internal partial class StoreModel
{
    private const int RelativeMax = 60 * 60 * 24 * 30;
    private const long LongPast = 1;

    private readonly Setting _setting;
    private readonly Dictionary<string, Entry> _entries = [];
    private long _oldestLive = -1;
    private long _lastVersion;

    public StoreModel(Setting setting)
    {
        _setting = setting;
        Now = setting.UnixStart;
    }

    /// <summary>Seconds since 1970-01-01 UTC.</summary>
    public long Now { get; private set; }

    /// <summary>False once the answers depend on more than the requests.</summary>
    public bool IsDefined { get; private set; } = true;

    public int Count => _entries.Count;

    /// <summary>What stats sizes answers, as long as nobody has asked for what has ended.</summary>
    public string Sizes
    {
        get
        {
            var counts = new SortedDictionary<int, int>();
            foreach ((string key, Entry entry) in _entries)
            {
                int size = 48 + 8 + key.Length + 1 + (entry.Flags != 0 ? 4 : 0) + entry.Value.Length + 2;
                int bucket = (size + 31) / 32 * 32;
                counts[bucket] = counts.GetValueOrDefault(bucket) + 1;
            }
            var text = new StringBuilder();
            foreach ((int bucket, int count) in counts) _ = text.Append(CultureInfo.InvariantCulture, $"STAT {bucket} {count}\r\n");
            return text.Append("END\r\n").ToString();
        }
    }

    /// <summary>The length of the value that the key has or had, without looking whether it is still there.</summary>
    public int LengthOf(string key) => _entries.TryGetValue(key, out Entry? entry) ? entry.Value.Length : 0;

    /// <summary>Does it, and appends the answer.</summary>
    public void Execute(Operation operation, ExpectedAnswer answer)
    {
        switch (operation.Verb)
        {
            case Verb.Sleep:
                Now += operation.Exptime;
                break;
            case Verb.Get or Verb.Gets or Verb.Gat or Verb.Gats:
                foreach (string key in operation.Keys) Retrieve(operation, key, answer);
                answer.Add("END\r\n");
                break;
            case >= Verb.MetaGet and <= Verb.MetaAdd:
                AnswerMeta(operation, operation.Keys[0], answer);
                break;
            default:
                string line = Answer(operation, operation.Keys.Length > 0 ? operation.Keys[0] : "", answer);
                if (!operation.IsNoReply) answer.Add(line);
                break;
        }
    }

    /// <summary>A delayed flush comes so many seconds early.</summary>
    protected virtual int FlushLead => 1;

    protected virtual uint JoinedFlags(Entry old, Operation operation) => old.Flags;

    protected virtual bool HasExpired(Entry entry) => entry.Exptime != 0 && entry.Exptime <= Now;

    protected virtual long VersionOfNumber(Entry old) => ++_lastVersion;

    private string Answer(Operation operation, string key, ExpectedAnswer answer) => operation.Verb switch
    {
        Verb.Touch => Read(key) is Entry entry ? Touch(entry, operation.Exptime) : "NOT_FOUND\r\n",
        Verb.Delete => Find(key) != null && _entries.Remove(key) ? "DELETED\r\n" : "NOT_FOUND\r\n",
        Verb.Incr or Verb.Decr => Find(key) is Entry entry ? Add(entry, operation, answer) : "NOT_FOUND\r\n",
        Verb.FlushAll => Flush(operation.Exptime),
        _ => Store(operation, key, Find(key), answer),
    };

    private Entry? Find(string key)
    {
        if (!_entries.TryGetValue(key, out Entry? entry)) return null;
        if (!entry.IsFlushed && !IsHidden(entry) && !HasExpired(entry)) return entry;
        _ = _entries.Remove(key);
        return null;
    }

    private Entry? Read(string key)
    {
        Entry? entry = Find(key);
        if (entry == null) return null;
        entry.Time = Now;
        entry.IsFetched = true;
        return entry;
    }

    private void Retrieve(Operation operation, string key, ExpectedAnswer answer)
    {
        Entry? entry = Read(key);
        if (entry == null) return;
        if (operation.Verb is Verb.Gat or Verb.Gats) _ = Touch(entry, operation.Exptime);
        answer.Add($"VALUE {key} {entry.Flags} {entry.Value.Length}");
        if (operation.Verb is Verb.Gets or Verb.Gats)
        {
            answer.Add(" ");
            answer.AddCas(key, entry.Version);
        }
        answer.Add("\r\n");
        answer.Add(entry.Value);
        answer.Add("\r\n");
    }

    private string Touch(Entry entry, int exptime)
    {
        entry.Exptime = Absolute(exptime);
        return "TOUCHED\r\n";
    }

    private string Store(Operation operation, string key, Entry? old, ExpectedAnswer answer)
    {
        switch (operation.Verb)
        {
            case Verb.Add when old != null:
                old.Time = Now;
                return "NOT_STORED\r\n";
            case Verb.Replace or Verb.Append or Verb.Prepend when old == null:
                return "NOT_STORED\r\n";
            case Verb.Cas when old == null:
                return "NOT_FOUND\r\n";
            case Verb.Cas when !operation.IsCasSeen || old!.Version != answer.SeenVersion(key) || Rank(old, answer) == 0:
                return "EXISTS\r\n";
            case Verb.Append:
                Join(operation, old!, [.. old!.Value, .. operation.Value.ToArray()]);
                break;
            case Verb.Prepend:
                Join(operation, old!, [.. operation.Value.ToArray(), .. old!.Value]);
                break;
            default:
                _ = Put(key, operation.Value.ToArray(), operation.Flags, operation.Exptime, ++_lastVersion);
                break;
        }
        if (LengthOf(key) > _setting.ValueLengthMax) IsDefined = false;
        return "STORED\r\n";
    }

    private void Join(Operation operation, Entry entry, byte[] value)
    {
        entry.Flags = JoinedFlags(entry, operation);
        entry.Value = value;
        entry.Time = Now;
        entry.Version = ++_lastVersion;
        entry.Forget();
    }

    private string Add(Entry entry, Operation operation, ExpectedAnswer answer) =>
        Change(entry, operation.Verb == Verb.Incr, operation.Delta, newCas: null, answer) + "\r\n";

    private string Change(Entry entry, bool isIncrement, ulong delta, ulong? newCas, ExpectedAnswer answer)
    {
        if (entry.Value.Length > _setting.IncrementedLengthMax) IsDefined = false;
        if (!TryParse(entry.Value, out ulong old))
        {
            return "CLIENT_ERROR cannot increment or decrement non-numeric value";
        }
        ulong value = isIncrement ? unchecked(old + delta) : delta > old ? 0 : old - delta;
        string text = value.ToString(CultureInfo.InvariantCulture);
        // A number that does not fit any more becomes a new item.
        if (text.Length > entry.Value.Length) entry.Forget();
        entry.Value = Encoding.Latin1.GetBytes(text.PadRight(entry.Value.Length, ' '));
        entry.Time = Now;
        entry.Version = newCas == null ? VersionOfNumber(entry) : answer.VersionOf(newCas.Value);
        return text;
    }

    /// <summary>
    /// As C's strtoull reads it; a negative number is none unless it is too negative to be seen as one.
    /// </summary>
    private bool TryParse(byte[] value, out ulong number)
    {
        number = 0;
        if (value.Length > _setting.NumberLengthMax) return false;
        Match match = CNumber().Match(Encoding.Latin1.GetString(value));
        if (!match.Success) return false;
        string digits = match.Groups[2].Value;
        if (!ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number)) return false;
        if (match.Groups[1].Value != "-") return true;
        number = unchecked(0 - number);
        return number <= long.MaxValue;
    }

    /// <summary>
    /// Whatever a flush has hidden is gone. But memcached remembers one flush only: one that is still to come brings
    /// back what an earlier one hid, unless somebody has looked for it or its memory was needed.
    /// </summary>
    private string Flush(int exptime)
    {
        long target = exptime > 0 ? Absolute(exptime) - FlushLead : Now - 1;
        bool isImmediate = target < Now;
        foreach (Entry entry in _entries.Values)
        {
            bool isGone = entry.IsFlushed || IsHidden(entry);
            if (isGone && !isImmediate && _setting.IsFlushForgotten) IsDefined = false;
            entry.IsFlushed = isGone || isImmediate;
        }
        _oldestLive = target;
        return "OK\r\n";
    }

    private bool IsHidden(Entry entry) => entry.Time <= _oldestLive && _oldestLive <= Now;

    private long Absolute(int exptime)
    {
        if (exptime == 0) return 0;
        if (exptime < 0) return LongPast;
        if (exptime <= RelativeMax) return Now + exptime;
        return exptime <= _setting.UnixStart ? LongPast : exptime;
    }

    [GeneratedRegex(@"\A[ \t-\r]*([-+]?)([0-9]+)(?:[\0 \t-\r]|\z)")]
    private static partial Regex CNumber();

    internal sealed class Entry
    {
        public uint Flags { get; set; }

        public long Exptime { get; set; }

        /// <summary>When it was last stored, changed or read.</summary>
        public long Time { get; set; }

        public required byte[] Value { get; set; }

        /// <summary>Stands for the cas unique.</summary>
        public long Version { get; set; }

        /// <summary>By an immediate flush_all.</summary>
        public bool IsFlushed { get; set; }

        public bool IsFetched { get; set; }

        public bool IsStale { get; set; }

        public bool IsWon { get; set; }

        /// <summary>It is another item now.</summary>
        public void Forget()
        {
            IsFetched = false;
            IsStale = false;
            IsWon = false;
        }
    }
}
