namespace Memcachier.LoadTest.Scenarios;

/// <summary>A switch that a scenario sets.</summary>
/// <param name="Name">As on the command line: <c>--warm-up</c>.</param>
/// <param name="Text">What it is set to.</param>
/// <param name="Place">Where the scenario says so: its file, line and column.</param>
public sealed record SwitchValue(string Name, string Text, string Place);
