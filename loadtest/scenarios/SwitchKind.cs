namespace Memcachier.LoadTest.Scenarios;

/// <summary>What a switch of the command line takes, and so its key in a scenario.</summary>
public enum SwitchKind : byte
{
    /// <summary>A word.</summary>
    Text,

    /// <summary>Nothing; in a scenario true or false.</summary>
    Flag,

    /// <summary>A word, each time that it is repeated; in a scenario a list.</summary>
    List,
}
