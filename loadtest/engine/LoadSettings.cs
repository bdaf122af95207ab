using System;
using System.Collections.Generic;
using System.Linq;
using Memcachier.LoadTest.Simulations;
using Memcachier.LoadTest.Sizes;
using Memcachier.LoadTest.Workload;

namespace Memcachier.LoadTest.Engine;

/// <summary>Which load to put on whom.</summary>
public sealed record LoadSettings
{
    public const int ThreadCountMax = 64;
    public const int ConnectionCountMax = 10_000;
    public const int DepthMax = 1024;
    public const long ChurnMax = 1_000_000_000_000;
    public const long RateMax = 100_000_000;
    public const long KeyCountMax = 1_000_000_000_000;

    /// <summary>30 days: memcached takes a larger number for a point in time.</summary>
    public const int TtlSecondsMax = 30 * 24 * 60 * 60;

    /// <summary>What the load test is called; null if it has no name.</summary>
    public string? ScenarioName { get; init; }

    /// <summary>The first server.</summary>
    public required ServerAddress Server { get; init; }

    /// <summary>All of them; keys are distributed among them by <see cref="KetamaRing"/>.</summary>
    public IReadOnlyList<ServerAddress> Servers
    {
        get => field ?? [Server];
        init;
    }

    public WireProtocol Protocol { get; init; } = WireProtocol.Text;

    /// <summary>After so many requests, a connection is closed and made anew; 0 is never.</summary>
    public long Churn { get; init; }

    /// <summary>True for UDP instead of TCP. Then <see cref="Depth"/> is 1, and nobody logs in.</summary>
    public bool IsUdp { get; init; }

    /// <summary>Who logs in on each connection; null for nobody.</summary>
    public Credentials? Credentials { get; init; }

    /// <summary>1 to <see cref="ThreadCountMax"/>, and not more than there are connections.</summary>
    public int ThreadCount { get; init; } = 1;

    /// <summary>1 to <see cref="ConnectionCountMax"/>; to several servers, each of them has a socket to each.</summary>
    public int ConnectionCount { get; init; } = 8;

    /// <summary>Requests on their way at once on a connection, 1 to <see cref="DepthMax"/>.</summary>
    public int Depth { get; init; } = 1;

    /// <summary>
    /// Requests per second, for the open loop: they are due whether the server has answered earlier ones or not. 0 is
    /// the closed loop, in which a connection sends the next request when one was answered.
    /// </summary>
    public double Rate { get; init; }

    /// <summary>
    /// How the load goes, one after the other; if there are none, it is one that <see cref="Rate"/>,
    /// <see cref="Duration"/> and <see cref="RequestCount"/> describe.
    /// </summary>
    public IReadOnlyList<LoadSimulation> Simulations { get; init; } = [];

    /// <summary>
    /// What warm-up, durations and simulations are multiplied by, above 0; rates stay what they are.
    /// </summary>
    public double TimeScale { get; init; } = 1;

    /// <summary>How long is measured.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>If above 0, as many requests are measured, however long it takes.</summary>
    public long RequestCount { get; init; }

    /// <summary>Load before the measurement.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The keys of values; null if they are numbers.</summary>
    public KeyFile? KeyFile { get; init; }

    /// <summary>1 to <see cref="KeyCountMax"/>; if there is a <see cref="KeyFile"/>, that of its lines.</summary>
    public long KeyCount
    {
        get => KeyFile?.Count ?? field;
        init;
    } = 100_000;

    /// <summary>Bytes of a key with a number, <see cref="KeyFormat.LengthMin"/> to 250.</summary>
    public int KeySize { get; init; } = 16;

    public KeyFormat KeyFormat => new(KeySize, KeyFile);

    /// <summary>As <see cref="Workload.KeyDistribution.Parse"/> reads it.</summary>
    public string KeyDistribution { get; init; } = "uniform";

    /// <summary>The value's size is a function of its key, where the <see cref="KeyFile"/> does not say it.</summary>
    public SizeDistribution ValueSizes { get; init; } = SizeDistribution.Parse("fixed:100");

    public OperationMix Mix { get; init; } = OperationMix.Parse("get=9,set=1");

    /// <summary>exptime of what is stored, touched and got by gat; 0 is never.</summary>
    public int TtlSeconds { get; init; }

    /// <summary>What counters are preloaded with: decr would stop at 0.</summary>
    public ulong CounterStart => Mix.Has(Operation.Decr) ? 1_000_000_000_000_000UL : 0;

    /// <summary>True if every key is stored first.</summary>
    public bool IsPreloading { get; init; } = true;

    /// <summary>True if every value and its key are compared with what was stored.</summary>
    public bool IsVerifying { get; init; }

    /// <summary>A request without an answer for so long is an error, and its connection is given up.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Where the server's metrics are, in Prometheus' text format; null if they are not asked for.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>What opens them; null if they are open. Shown nowhere.</summary>
    public string? MetricsToken { get; init; }

    /// <summary>The same seed asks for the same keys in the same order, on each thread.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>How long the warm-up takes, with <see cref="TimeScale"/>.</summary>
    public TimeSpan WarmUpTime => WarmUp * TimeScale;

    /// <summary>How long the measurement takes, with <see cref="TimeScale"/>, unless <see cref="RequestCount"/> ends it.</summary>
    public TimeSpan MeasuredTime => TimeScale *
        (Simulations.Count == 0 ? Duration : Simulations.Aggregate(TimeSpan.Zero, (sum, each) => sum + each.During));

    /// <summary><see cref="Simulations"/>, or the one that stands for the other properties; at least one.</summary>
    public IReadOnlyList<LoadSimulation> EffectiveSimulations => Simulations.Count > 0
        ? Simulations
        :
        [
            new LoadSimulation
            {
                Kind = Rate > 0 ? SimulationKind.Inject : SimulationKind.KeepConstant,
                Rate = Rate,
                Copies = ConnectionCount,
                During = RequestCount > 0 ? TimeSpan.MaxValue : Duration,
            },
        ];
}
