using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>Sessions against a model that is a dictionary and a clock; answers must be equal to the byte.</summary>
public sealed class ModelTests
{
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
        string seeds = Steps.RunAll(harness, share: s_settings.Length, settingIndex);
        _log.WriteLine($"{setting.Name}: {seeds}; {harness.ItemsCompacted} items spared");
        if (setting.IsTight) Assert.True(harness.ItemsCompacted > 0, "nothing was ever compacted");
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
            // What it hides does not come back when another flush takes its place in that second.
            [
                new(Verb.Set, "a") { Value = new("1") },
                new(Verb.FlushAll) { Exptime = 2 },
                new(Verb.Sleep) { Exptime = 1 },
                new(Verb.Set, "b") { Value = new("2") },
                new(Verb.FlushAll) { Exptime = 1000 },
                new(Verb.Set, "c") { Value = new("3") },
                new(Verb.Get, "a", "b", "c"),
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
}
