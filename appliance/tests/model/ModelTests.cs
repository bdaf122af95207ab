using System;
using System.Globalization;
using Memcachier.Kernel.Base;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>Sessions against a model that is a dictionary and a clock; answers must be equal to the byte.</summary>
public sealed class ModelTests
{
    private const string StepsVariable = "MEMCACHIER_MODEL_STEPS";
    private const string SeedVariable = "MEMCACHIER_MODEL_SEED";
    private const long DefaultSteps = 200_000;
    private const int RunLengthMin = 2000;
    private const uint RunLengthMax = 20_000;

    private static readonly Setting[] s_settings =
        [Setting.Roomy, Setting.Tight, Setting.RoomyInPieces, Setting.TightInPieces];

    private readonly ITestOutputHelper _log;

    public ModelTests(ITestOutputHelper log) => _log = log;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Answers_what_the_model_answers(int settingIndex)
    {
        Setting setting = s_settings[settingIndex];
        var harness = new Harness(setting);
        ulong firstSeed = (ulong)FromEnvironment(SeedVariable, 1) + (ulong)settingIndex;
        ulong seedStep = (ulong)s_settings.Length;
        ulong seed = firstSeed;
        var lengths = new Prng(firstSeed);
        long steps = FromEnvironment(StepsVariable, DefaultSteps) / s_settings.Length;
        for (; steps > 0; seed += seedStep)
        {
            int length = RunLengthMin + (int)lengths.Below(RunLengthMax - RunLengthMin + 1);
            length = (int)Math.Min(length, steps);
            Failure? failure = harness.RunRandom(seed, length);
            Assert.True(failure == null, failure?.Description);
            steps -= length;
        }
        _log.WriteLine(
            $"{setting.Name}: seeds {firstSeed}, {firstSeed + seedStep}, ... {seed - seedStep}; " +
            $"{harness.ItemsSpared} items spared");
        bool isTight = setting.BigKeyCount == 0;
        if (isTight) Assert.True(harness.ItemsSpared > 0, "nothing was ever compacted");
    }

    /// <summary>Where a sequence goes that once failed, as its report wrote it down.</summary>
    [Fact]
    public void Answers_what_the_model_answers_to_known_sequences()
    {
        Operation[][] sequences =
        [
            // A delayed flush comes a second early, and then for what is stored in that second as well.
            [
                new(Verb.Set, "a") { Value = new("1") },
                new(Verb.FlushAll) { Exptime = 2 },
                new(Verb.Get, "a"),
                new(Verb.Sleep) { Exptime = 1 },
                new(Verb.Set, "b") { Value = new("2") },
                new(Verb.Get, "a", "b"),
                new(Verb.Sleep) { Exptime = 1 },
                new(Verb.Set, "b") { Value = new("3") },
                new(Verb.Get, "a", "b"),
            ],
        ];
        foreach (Setting setting in s_settings)
        {
            foreach (Operation[] sequence in sequences)
            {
                Assert.Null(new Harness(setting).Replay(seed: 1, sequence));
            }
        }
    }

    private static long FromEnvironment(string name, long otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text
            ? long.Parse(text, CultureInfo.InvariantCulture)
            : otherwise;
}
