using System;
using System.Collections.Generic;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>Wrong models are found out, and the reports are short.</summary>
public sealed class ShrinkerModelTests
{
    private const int OperationCountMax = 5;

    private static readonly Dictionary<string, Func<Setting, StoreModel>> s_wrongModels = new()
    {
        ["append forgets the flags"] = setting => new ForgetfulModel(setting),
        ["expires a second late"] = setting => new LateModel(setting),
        ["a delayed flush is punctual"] = setting => new PunctualModel(setting),
        ["incr keeps the cas unique"] = setting => new NegligentModel(setting),
        ["whoever asks wins"] = setting => new GenerousModel(setting),
    };

    private readonly ITestOutputHelper _log;

    public ShrinkerModelTests(ITestOutputHelper log) => _log = log;

    public static IEnumerable<object[]> WrongModels
    {
        get
        {
            foreach (string name in s_wrongModels.Keys) yield return [name];
        }
    }

    [Theory]
    [MemberData(nameof(WrongModels))]
    public void A_wrong_model_fails_with_few_operations(string name)
    {
        foreach (Setting setting in new[] { Setting.Roomy, Setting.RoomyInPieces })
        {
            for (ulong seed = 1; seed <= 3; seed++)
            {
                Failure? failure = new Harness(setting, s_wrongModels[name]).RunRandom(seed, 20_000);
                Assert.NotNull(failure);
                _log.WriteLine(failure.Description);
                Assert.InRange(failure.Operations.Count, 1, OperationCountMax);
            }
        }
    }

    [Fact]
    public void Shrinks_to_what_is_needed()
    {
        var operations = new List<Operation>();
        for (int i = 0; i < 1000; i++)
        {
            operations.Add(new Operation(Verb.Set, $"key{i}") { Flags = 65536, Value = new Payload("v", 100, 1) });
        }
        List<Operation> shrunk = Shrinker.Shrink(
            operations,
            some => Has(some, "key17", flagsMin: 1, lengthMin: 0) && Has(some, "key800", flagsMin: 0, lengthMin: 8));
        string[] expected =
        [
            "new(Verb.Set, \"key17\") { Flags = 1 },", "new(Verb.Set, \"key800\") { Value = new(\"v\", 7, 1) },",
        ];
        Assert.Equal(expected, shrunk.ConvertAll(operation => operation.ToString()));
    }

    private static bool Has(IReadOnlyList<Operation> operations, string key, uint flagsMin, int lengthMin)
    {
        foreach (Operation operation in operations)
        {
            if (operation.Keys[0] != key) continue;
            return operation.Flags >= flagsMin && operation.Value.Length >= lengthMin;
        }
        return false;
    }

    private sealed class ForgetfulModel(Setting setting) : StoreModel(setting)
    {
        protected override uint JoinedFlags(Entry old, Operation operation) => operation.Flags;
    }

    private sealed class LateModel(Setting setting) : StoreModel(setting)
    {
        protected override bool HasExpired(Entry entry) => entry.Exptime != 0 && entry.Exptime < Now;
    }

    private sealed class PunctualModel(Setting setting) : StoreModel(setting)
    {
        protected override int FlushLead => 0;
    }

    private sealed class GenerousModel(Setting setting) : StoreModel(setting)
    {
        protected override bool CanBeWon(Entry entry) => true;
    }

    private sealed class NegligentModel(Setting setting) : StoreModel(setting)
    {
        protected override long VersionOfNumber(Entry old) => old.Version;
    }
}
