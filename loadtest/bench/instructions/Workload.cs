using System;

namespace Memcachier.Bench.Instructions;

/// <summary>A row of the table.</summary>
/// <param name="Operation">What is asked.</param>
/// <param name="Connections">Clients; all of them send at once, and again when all have their answers.</param>
/// <param name="Depth">Requests that a client sends at once.</param>
/// <param name="ValueSize">Bytes of each value.</param>
public sealed record Workload(Operation Operation, int Connections, int Depth, int ValueSize)
{
    public const int KeySize = 32;
    public const int KeysPerMultiGet = 100;

    /// <summary>As <c>GET 100 B, 1 x 32</c>: clients times depth.</summary>
    public string Name => $"{OperationName} {SizeName(ValueSize)}, {Connections} x {Depth}";

    public string OperationName => Operation switch
    {
        Operation.Get => "GET",
        Operation.Set => "SET",
        Operation.MultiGet => $"GET of {KeysPerMultiGet} keys,",
        _ => throw new ArgumentOutOfRangeException(nameof(Operation)),
    };

    /// <summary>Requests of all clients together.</summary>
    public int RequestsPerBatch => Connections * Depth;

    public static string SizeName(int bytes) =>
        bytes >= 1024 && bytes % 1024 == 0 ? $"{bytes / 1024} KiB" : $"{bytes} B";
}
