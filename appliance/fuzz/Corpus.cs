using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Memcachier.Kernel.Sim;

namespace Memcachier.Appliance.Fuzz;

/// <summary>Inputs that once showed something new, one on each line of a file.</summary>
public static class Corpus
{
    public static IReadOnlyList<byte[]> Load(string file) =>
        File.Exists(file) ? [.. File.ReadLines(file).Where(line => line.Length > 0).Select(Octets.Unescape)] : [];

    /// <summary>
    /// Without those that show nothing which shorter ones do not.
    /// </summary>
    public static IReadOnlyList<byte[]> Minimize(IEnumerable<byte[]> inputs)
    {
        var fuzzer = new Fuzzer(seed: 1);
        foreach (byte[] input in inputs.OrderBy(input => input.Length)) fuzzer.Replay(input);
        return fuzzer.Corpus;
    }

    /// <summary>In an order that does not depend on how they were found.</summary>
    public static void Save(string file, IEnumerable<byte[]> inputs) =>
        File.WriteAllLines(file, inputs.Select(input => Octets.Escape(input)).Distinct().Order(StringComparer.Ordinal));
}
