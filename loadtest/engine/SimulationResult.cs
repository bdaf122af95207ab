using System;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Simulations;

namespace Memcachier.LoadTest.Engine;

/// <summary>How one of the simulations of a run went.</summary>
/// <param name="Simulation">Which it was.</param>
/// <param name="Start">From the end of the warm-up.</param>
/// <param name="During">How long it went on.</param>
/// <param name="Counts">Of the requests that were due in it, whenever they were answered; the errors of the warm-up are
/// the first one's.</param>
/// <param name="Unsent">Requests that were due in it and were never sent.</param>
public sealed record SimulationResult(
    LoadSimulation Simulation, TimeSpan Start, TimeSpan During, Measurement Counts, long Unsent)
{
    public double RequestsPerSecond => During > TimeSpan.Zero ? Counts.Requests / During.TotalSeconds : 0;
}
