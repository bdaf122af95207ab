using System;
using System.IO;
using Memcachier.Appliance.Tests.Loopback;
using Xunit.Abstractions;

namespace Memcachier.Appliance.Tests.Model;

/// <summary>memcached against the same model: what it demands of a session is what memcached does.</summary>
public sealed class ReferenceModelTests
{
    /// <summary>A round trip takes as long as some operations of a session.</summary>
    private const int Share = 5;

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
            // One request at a time: decr does not pad a value that is still being sent.
            BatchCountMax = 1, HasClock = false, IsFlushForgotten = true, NumberLengthMax = 500_000,
            IsMemcached = true, HasMeta = !server.IsOld,
            // From 2^63 on an old one looks for a minus sign, and beyond the end of the value.
            IncrementedLengthMax = server.IsOld ? 18 : int.MaxValue,
        };
        string[] keys = RandomOperations.Keys(setting);
        setting = setting with { NewSubject = _ => new ReferenceSubject(server, keys) };
        var harness = new Harness(setting);
        string seeds = Steps.RunAll(harness, Share, seedOffset: 0);
        _log.WriteLine($"{setting.Name}: {seeds}");
    }
}
