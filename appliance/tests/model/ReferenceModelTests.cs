using System;
using System.IO;
using Memcachier.Appliance.Tests.Loopback;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>memcached against the same model: what it demands of a session is what memcached does.</summary>
public sealed class ReferenceModelTests
{
    private const int RunCount = 10;
    private const int RunLength = 4000;

    private readonly ITestOutputHelper _log;

    public ReferenceModelTests(ITestOutputHelper log) => _log = log;

    [ProgramFact(ReferenceServer.DefaultPath)]
    public void Memcached_answers_what_the_model_answers()
    {
        using var server = new ReferenceServer();
        Setting setting = Setting.Roomy with
        {
            Name = Path.GetFileName(ReferenceServer.Path),
            UnixStart = DateTimeOffset.UtcNow.ToUnixTimeSeconds(),
            HasClock = false, IsFlushForgotten = true, NumberLengthMax = 500_000, BatchCountMax = 20,
            // From 2^63 on an old one looks for a minus sign, and beyond the end of the value.
            IncrementedLengthMax = server.IsOld ? 18 : int.MaxValue,
        };
        string[] keys = RandomOperations.Keys(setting);
        setting = setting with { NewSubject = _ => new ReferenceSubject(server, keys) };
        var harness = new Harness(setting);
        for (ulong seed = 1; seed <= RunCount; seed++)
        {
            Failure? failure = harness.RunRandom(seed, RunLength);
            Assert.True(failure == null, failure?.Description);
        }
        _log.WriteLine($"{setting.Name}: seeds 1 to {RunCount}");
    }
}
