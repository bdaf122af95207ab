using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using Memcachier.Cache;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>Meta commands as calls of the store, and what comes of them in the words of the protocol.</summary>
internal sealed class MetaCommands
{
    private readonly Store _store;
    private readonly List<byte> _answer;

    public MetaCommands(Store store, List<byte> answer)
    {
        _store = store;
        _answer = answer;
    }

    /// <param name="pieceLength">So many bytes of a value are given to the store at a time.</param>
    public void Execute(Operation operation, ulong cas, int pieceLength)
    {
        byte[] key = Encoding.Latin1.GetBytes(operation.Keys[0]);
        MetaArguments meta = operation.Meta;
        switch (operation.Verb)
        {
            case Verb.MetaGet:
                Get(key, meta, cas);
                break;
            case Verb.MetaSet:
                Set(key, operation, cas, pieceLength);
                break;
            case Verb.MetaDelete:
                Delete(key, operation, cas);
                break;
            default:
                Add(key, operation, cas);
                break;
        }
    }

    private void Get(byte[] key, MetaArguments meta, ulong cas)
    {
        var options = new MetaGetOptions
        {
            Vivifies = meta.VivifyExptime != null,
            VivifyExptime = meta.Exptime ?? meta.VivifyExptime ?? 0,
            HasNewCas = meta.NewCas != null,
            NewCas = meta.NewCas ?? 0,
            SetsExptime = meta.Exptime != null,
            Exptime = meta.Exptime ?? 0,
            Recaches = meta.RecacheExptime != null,
            RecacheExptime = meta.RecacheExptime ?? 0,
            RecachesAfterExptime = !meta.IsRecacheFirst,
            IsUnseen = meta.IsUnseen,
        };
        if (!_store.TryMetaGet(key, in options, out Item item, out MetaGetResult result))
        {
            Say("EN\r\n");
            return;
        }
        bool hasValue = meta.HasValue && (meta.Compared == CasChoice.None || cas != item.Cas);
        Say(hasValue ? $"VA {item.ValueLength}" : "HD");
        foreach (char flag in meta.Asked)
        {
            switch (flag)
            {
                case 'c':
                    Say($" c{item.Cas}");
                    break;
                case 's':
                    Say($" s{item.ValueLength}");
                    break;
                case 'f':
                    Say($" f{item.Flags}");
                    break;
                case 'h':
                    Say(result.WasFetched ? " h1" : " h0");
                    break;
                case 'l':
                    Say($" l{result.SecondsSinceAccess}");
                    break;
                case 't':
                    Say($" t{_store.Lifetime.SecondsLeft(item.Exptime)}");
                    break;
            }
        }
        if (result.IsWonByOther) Say(" Z");
        if (item.IsStale) Say(" X");
        if (result.HasWon) Say(" W");
        Say("\r\n");
        if (!hasValue) return;
        for (int offset = 0; offset < item.ValueLength;)
        {
            ReadOnlySpan<byte> part = item.ValueAt(offset);
            _answer.AddRange(part);
            offset += part.Length;
        }
        Say("\r\n");
    }

    private void Set(byte[] key, Operation operation, ulong cas, int pieceLength)
    {
        MetaArguments meta = operation.Meta;
        bool isCompared = meta.Compared != CasChoice.None;
        bool isVivifying = meta.VivifyExptime != null && meta.Mode is 'A' or 'P';
        StoreMode mode = meta.Mode switch
        {
            'E' => StoreMode.Add,
            'A' => meta.VivifyExptime == null ? StoreMode.Append : StoreMode.AppendOrAdd,
            'P' => meta.VivifyExptime == null ? StoreMode.Prepend : StoreMode.PrependOrAdd,
            _ when isCompared => StoreMode.Cas,
            'R' => StoreMode.Replace,
            _ => StoreMode.Set,
        };
        var terms = new StoreTerms(mode)
        {
            Cas = isCompared ? cas : 0, NewCas = meta.NewCas ?? 0, MayStoreStale = meta.Invalidates, EndsOldOnFailure = true,
        };
        int exptime = (isVivifying ? meta.VivifyExptime : meta.Exptime) ?? 0;
        ReadOnlySpan<byte> value = operation.Value.ToArray();
        StoreResult result =
            _store.TryReserve(in terms, key, operation.Flags, exptime, value.Length, out Reservation reservation);
        StoredItem stored = default;
        while (result == StoreResult.Stored && reservation.Missing > 0)
        {
            int length = Math.Min(value.Length, pieceLength);
            if (!_store.TryFill(ref reservation, value.Slice(0, length))) result = StoreResult.OutOfMemory;
            value = value.Slice(length);
        }
        if (result == StoreResult.Stored) result = _store.Commit(ref reservation, in terms, out stored);
        else _store.Abandon(ref reservation);
        Say(result switch
        {
            StoreResult.Stored => "HD",
            StoreResult.NotStored => "NS",
            StoreResult.Exists => "EX",
            StoreResult.NotFound => "NF",
            _ => "SERVER_ERROR",
        });
        foreach (char flag in meta.Asked) Say(flag == 's' ? $" s{stored.ValueLength}" : $" c{stored.Cas}");
        Say("\r\n");
    }

    private void Delete(byte[] key, Operation operation, ulong cas)
    {
        MetaArguments meta = operation.Meta;
        var options = new MetaDeleteOptions
        {
            HasCas = meta.Compared != CasChoice.None,
            Cas = cas,
            Invalidates = meta.Invalidates,
            DropsValue = meta.DropsValue,
            HasNewCas = meta.NewCas != null,
            NewCas = meta.NewCas ?? 0,
            SetsExptime = meta.Exptime != null,
            Exptime = meta.Exptime ?? 0,
            Flags = operation.Flags,
        };
        Say(_store.MetaDelete(key, in options) switch
        {
            MetaDeleteResult.Deleted => "HD\r\n",
            MetaDeleteResult.NotFound => "NF\r\n",
            MetaDeleteResult.Exists => "EX\r\n",
            _ => "SERVER_ERROR\r\n",
        });
    }

    private void Add(byte[] key, Operation operation, ulong cas)
    {
        MetaArguments meta = operation.Meta;
        var options = new DeltaOptions(isIncrement: meta.Mode is not ('D' or '-'), operation.Delta)
        {
            Cas = meta.Compared == CasChoice.None ? 0 : cas,
            HasNewCas = meta.NewCas != null,
            NewCas = meta.NewCas ?? 0,
            Vivifies = meta.VivifyExptime != null,
            VivifyExptime = meta.Exptime ?? meta.VivifyExptime ?? 0,
            Initial = meta.Initial ?? 0,
            SetsExptime = meta.Exptime != null,
            Exptime = meta.Exptime ?? 0,
        };
        DeltaResult result = _store.TryAdd(key, in options, out DeltaOutcome outcome);
        if (result != DeltaResult.Done)
        {
            Say(result switch
            {
                DeltaResult.NotFound => "NF\r\n",
                DeltaResult.Exists => "EX\r\n",
                DeltaResult.NonNumeric => "CLIENT_ERROR cannot increment or decrement non-numeric value\r\n",
                _ => "SERVER_ERROR\r\n",
            });
            return;
        }
        string number = outcome.Value.ToString(CultureInfo.InvariantCulture);
        Say(meta.HasValue ? $"VA {number.Length}" : "HD");
        foreach (char flag in meta.Asked)
        {
            if (flag == 'c') Say($" c{outcome.Cas}");
            else if (flag == 't') Say($" t{_store.Lifetime.SecondsLeft(outcome.Exptime)}");
        }
        Say(meta.HasValue ? $"\r\n{number}\r\n" : "\r\n");
    }

    private void Say(FormattableString text) => Say(text.ToString(CultureInfo.InvariantCulture));

    private void Say(string text) => _answer.AddRange(Encoding.Latin1.GetBytes(text));
}
