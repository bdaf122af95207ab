using System;
using System.Globalization;
using System.Text.Json;

namespace Memcachier.LoadTest.Simulations;

/// <summary>A load for some time. A run is a list of them, one after the other.</summary>
public sealed record LoadSimulation
{
    private readonly string? _name;

    public required SimulationKind Kind { get; init; }

    /// <summary>How long it goes on, above 0; <see cref="TimeSpan.MaxValue"/> has no end.</summary>
    public required TimeSpan During { get; init; }

    /// <summary>Connections of a closed loop that have requests on their way; at the end of it, if it is a ramp.</summary>
    public int Copies { get; init; }

    /// <summary>Requests an <see cref="Interval"/> of an open loop; at the end of it, if it is a ramp.</summary>
    public double Rate { get; init; }

    /// <summary>The least requests an interval that are drawn.</summary>
    public long RateMin { get; init; }

    /// <summary>The most requests an interval that are drawn.</summary>
    public long RateMax { get; init; }

    /// <summary>What rates are counted in; and how long a rate that was drawn holds.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For tables; if it was given none, what it does in short.</summary>
    public string Name
    {
        get => _name ?? Describe();
        init => _name = value;
    }

    /// <summary>True if requests are due at times of their own, whatever becomes of earlier ones.</summary>
    public bool IsOpenLoop =>
        Kind is SimulationKind.Inject or SimulationKind.RampingInject or SimulationKind.InjectRandom;

    /// <summary>As the user writes it: <c>keep_constant</c>.</summary>
    public static string NameOf(SimulationKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    private string Describe()
    {
        string interval = Interval == TimeSpan.FromSeconds(1) ? "s" : DurationText.Of(Interval);
        return NameOf(Kind) + Kind switch
        {
            SimulationKind.KeepConstant or SimulationKind.RampingConstant =>
                string.Create(CultureInfo.InvariantCulture, $" {Copies}"),
            SimulationKind.Inject or SimulationKind.RampingInject =>
                string.Create(CultureInfo.InvariantCulture, $" {Rate:0.###}/{interval}"),
            SimulationKind.InjectRandom =>
                string.Create(CultureInfo.InvariantCulture, $" {RateMin}-{RateMax}/{interval}"),
            _ => "",
        };
    }
}
