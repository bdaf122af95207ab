using System;
using System.Globalization;
using System.Text;
using Memcachier.Cache;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Xunit;

namespace Memcachier.Appliance.Tests.Cache;

public sealed class StoreModelTests
{
    private const long UnixStart = 1_700_000_000;
    private const uint KeyCount = 120;
    private const uint HotKeyCount = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Behaves_like_a_dictionary_while_everything_fits(ulong seed)
    {
        // 120 keys of about 200 bytes fill a quarter of it; all else is garbage to be collected.
        Region memory = TestMemory.Rent(160 << 10);
        var statistics = new Statistics();
        var store = new Store(memory, new StoreOptions(seed, segmentSize: 16 << 10, itemSizeMax: 1 << 20), statistics);
        var model = new StoreModel { UnixAtZero = UnixStart - Lifetime.FirstSecond };
        var random = new Prng(seed);
        store.Tick(0, UnixStart);
        ulong lastCas = 0;
        for (int step = 0; step < 100_000; step++)
        {
            // Most keys are used so seldom that their items outlive all their neighbours.
            uint number = random.Below(random.Chance(1, 200) ? KeyCount : HotKeyCount);
            string key = "key" + number.ToString(CultureInfo.InvariantCulture);
            byte[] keyBytes = Encoding.Latin1.GetBytes(key);
            string where = $"seed {seed}, step {step}, {key}";
            switch (random.Below(20))
            {
                case < 7:
                    Put(store, model, ref random, key, keyBytes, where);
                    break;
                case < 12:
                    Get(store, model, key, keyBytes, where, ref lastCas);
                    break;
                case < 14:
                    ulong delta = random.Below(100);
                    bool isIncrement = random.Chance(1, 2);
                    DeltaResult expected = model.Add(key, isIncrement, delta, out ulong expectedValue);
                    DeltaResult result = store.TryAdd(keyBytes, isIncrement, delta, out ulong value);
                    Assert.Equal((where, expected, expectedValue), (where, result, value));
                    break;
                case < 16:
                    Assert.Equal((where, model.Delete(key)), (where, store.TryDelete(keyBytes)));
                    break;
                case < 18:
                    int exptime = Exptime(ref random);
                    Assert.Equal((where, model.Touch(key, exptime)), (where, store.TryTouch(keyBytes, exptime)));
                    break;
                default:
                    if (random.Chance(1, 20))
                    {
                        model.Now++;
                        long seconds = model.Now - Lifetime.FirstSecond;
                        store.Tick(seconds * 1_000_000, UnixStart + seconds);
                    }
                    if (random.Chance(1, 2000))
                    {
                        int when = random.Chance(1, 2) ? 0 : (int)random.Below(6) - 1;
                        model.Flush(when);
                        store.Flush(when);
                    }
                    break;
            }
        }
        Assert.Equal(0, statistics.Evictions);
        Assert.True(statistics.ItemsCompacted > 0, "nothing was ever compacted");
        for (uint i = 0; i < KeyCount; i++)
        {
            string key = "key" + i.ToString(CultureInfo.InvariantCulture);
            Get(store, model, key, Encoding.Latin1.GetBytes(key), $"seed {seed}, at the end, {key}", ref lastCas);
        }
        Assert.Equal(model.Count, statistics.CurrItems);
        TestMemory.Return(memory);
    }

    private static void Put(
        Store store, StoreModel model, ref Prng random, string key, byte[] keyBytes, string where)
    {
        var mode = (StoreMode)random.Below(6);
        byte[] value = new byte[1 + random.Below(200)];
        random.Fill(value);
        value[0] = (byte)'v';
        if (random.Chance(1, 2))
        {
            value = Encoding.Latin1.GetBytes(random.Below(1000).ToString(CultureInfo.InvariantCulture));
        }
        // Joined values may not grow for ever.
        bool isLong = mode is StoreMode.Append or StoreMode.Prepend && model.Find(key)?.Value.Length > 400;
        if (isLong) mode = StoreMode.Set;
        ulong cas = mode == StoreMode.Cas ? model.Find(key)?.Cas ?? 0 : 0;
        if (cas == 0) cas = ulong.MaxValue;
        uint flags = (uint)random.Next();
        int exptime = Exptime(ref random);
        StoreResult expected = model.Put(mode, key, flags, exptime, value, cas);
        Assert.Equal((where, mode, expected), (where, mode, store.Put(mode, keyBytes, value, flags, exptime, cas)));
    }

    private static void Get(
        Store store, StoreModel model, string key, byte[] keyBytes, string where, ref ulong lastCas)
    {
        StoreModel.Entry? entry = model.Get(key);
        bool isFound = store.TryGet(keyBytes, out Item item);
        Assert.Equal((where, entry != null), (where, isFound));
        if (entry == null) return;
        Assert.Equal((where, Convert.ToHexString(entry.Value)), (where, Convert.ToHexString(item.Value)));
        Assert.Equal((where, entry.Flags), (where, item.Flags));
        // Each change has a cas unique that no other ever had; reading and touching do not change it.
        if (entry.Cas != 0) Assert.Equal((where, entry.Cas), (where, item.Cas));
        else Assert.True(item.Cas > 0, where);
        entry.Cas = item.Cas;
        lastCas = Math.Max(lastCas, item.Cas);
    }

    private static int Exptime(ref Prng random) => random.Below(8) switch
    {
        0 => -1,
        1 or 2 => (int)random.Below(20),
        3 => (int)(UnixStart + random.Below(600)),
        _ => 0,
    };
}
