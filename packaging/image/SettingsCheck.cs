using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;

namespace Memcachier.Packaging.Image;

/// <summary>Reads a command line with the machine's own reader, and says in which line of the file something is wrong.</summary>
/// <remarks>
/// An option and its value may stand in two lines, so no line can be judged by itself. The lines are read with one more of
/// them at a time: a remark belongs to the line from which on it is always made.
/// </remarks>
internal static class SettingsCheck
{
    private const string BootsAnyway = "; booting without it";

    /// <summary>Returns what is accepted and has no effect.</summary>
    /// <exception cref="ImageException">The first thing that is wrong.</exception>
    public static IReadOnlyList<string> Apply(string name, IReadOnlyList<ConfigurationLine> lines)
    {
        if (lines.Count == 0) return [];
        List<List<Remark>> readings =
            [.. Enumerable.Range(1, lines.Count).Select(count => Read(ConfigurationLine.Join(lines.Take(count))))];
        if (readings[^1].Count == Remarks.Capacity)
            throw new ImageException($"{name}: {Remarks.Capacity} words or more that are wrong, or have no effect");
        var notes = new List<string>();
        for (int i = 0; i < readings[^1].Count; i++)
        {
            Remark remark = readings[^1][i];
            int last = readings.FindLastIndex(reading => reading.Count <= i || reading[i] != remark);
            string sentence = $"{name}, line {lines[last + 1].Number}: {remark.Text}";
            if (remark.IsError) throw new ImageException(sentence);
            notes.Add(sentence);
        }
        return notes;
    }

    private static List<Remark> Read(byte[] commandLine)
    {
        var remarks = new Remarks();
        CommandLine.Apply(commandLine, new Settings(), remarks);
        return [.. Enumerable.Range(0, remarks.Count).Select(i => new Remark(TextOf(remarks, i), remarks.IsError(i)))];
    }

    /// <summary>Without the source's name in front, and what follows while booting.</summary>
    private static string TextOf(Remarks remarks, int index)
    {
        var line = new LineBuilder(new byte[Remarks.LineLengthMax]);
        remarks.Append(index, ref line);
        string text = Encoding.ASCII.GetString(line.Octets);
        text = text[(text.IndexOf(": ", StringComparison.Ordinal) + 2)..];
        return text.EndsWith(BootsAnyway, StringComparison.Ordinal) ? text[..^BootsAnyway.Length] : text;
    }

    private sealed record Remark(string Text, bool IsError);
}
