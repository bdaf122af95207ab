namespace Memcachier.LoadTest.Scenarios;

/// <summary>A switch of the command line, for a schema.</summary>
/// <param name="Name">With its dashes: <c>--warm-up</c>.</param>
/// <param name="Kind">What it takes.</param>
/// <param name="Values">What it takes in a word, as in its help: <c>N</c>, <c>TIME</c>, <c>text|meta</c>; null if it
/// takes nothing.</param>
/// <param name="Description">What it is for.</param>
/// <param name="Default">What it is if nothing is said; null if it is not set then.</param>
public sealed record SwitchShape(string Name, SwitchKind Kind, string? Values, string? Description, string? Default);
