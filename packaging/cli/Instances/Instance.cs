using System.Text.Json.Serialization;

namespace Memcachier.Cli.Instances;

/// <summary>What is on record about a virtual machine while it runs.</summary>
public sealed record Instance
{
    public required string Name { get; init; }

    public required int Pid { get; init; }

    public required string Machine { get; init; }

    public required string Accelerator { get; init; }

    public required string Memory { get; init; }

    public required int Cpus { get; init; }

    /// <summary>Where memcached answers, as ADDRESS:PORT.</summary>
    public required string Memcached { get; init; }

    public required string Api { get; init; }

    public required string ConsoleFile { get; init; }

    public required string QmpSocket { get; init; }

    /// <summary>No other program has our QMP socket on its command line.</summary>
    [JsonIgnore]
    public LinuxProcess Process => new(Pid, QmpSocket);
}
