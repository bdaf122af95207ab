using System;
using System.Collections.Generic;
using System.IO;
using System.Text;
using Memcachier.Kernel.Loader;

namespace Memcachier.Packaging.Image;

/// <summary>
/// The file that holds the machine's command line, checked as the loaders read it: words in any number of lines; <c>#</c>
/// begins a comment, at the start of a line or behind a blank.
/// </summary>
public sealed class ConfigurationFile
{
    /// <summary>Its name on the disk.</summary>
    public const string FileName = "memcachier.conf";

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ConfigurationFile(byte[] octets, byte[] commandLine, IReadOnlyList<string> notes)
    {
        Octets = octets;
        CommandLine = commandLine;
        Notes = notes;
    }

    /// <summary>Comments that explain it: the machine boots with its defaults.</summary>
    public static ConfigurationFile Default { get; } = Parse(FileName, ReadDefault());

    /// <summary>The file as it is.</summary>
    public byte[] Octets { get; }

    /// <summary>What the kernel gets: the words, with a space between them.</summary>
    public byte[] CommandLine { get; }

    /// <summary>What is accepted and has no effect, a sentence each.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <exception cref="ImageException">There is no such file, or something in it is wrong.</exception>
    public static ConfigurationFile Load(string path)
    {
        if (!File.Exists(path)) throw new ImageException($"there is no file {path}");
        return Parse(path, File.ReadAllBytes(path));
    }

    /// <param name="name">What errors call it.</param>
    /// <param name="octets">All of it.</param>
    /// <exception cref="ImageException">Something in it is wrong.</exception>
    public static ConfigurationFile Parse(string name, byte[] octets)
    {
        ArgumentNullException.ThrowIfNull(octets);
        if (octets.Length > CommandLineFile.FileLengthMax)
            throw new ImageException($"{name} has {octets.Length} bytes: the machine reads {CommandLineFile.FileLengthMax}");
        var lines = new List<ConfigurationLine>();
        int room = CommandLineFile.LineLengthMax, number = 0;
        foreach (Range range in octets.AsSpan().Split((byte)'\n'))
        {
            number++;
            ReadOnlySpan<byte> line = octets.AsSpan()[range];
            Check(name, number, line);
            byte[] words = new byte[room];
            if (!CommandLineFile.TryRead(line, words, out int length))
            {
                throw new ImageException(
                    $"{name}, line {number}: too long: all words together may have {CommandLineFile.LineLengthMax} bytes");
            }
            if (length == 0) continue;
            lines.Add(new ConfigurationLine(number, words[..length]));
            // The space before the next word.
            room = Math.Max(room - length - 1, 0);
        }
        IReadOnlyList<string> notes = SettingsCheck.Apply(name, lines);
        return new ConfigurationFile(octets, ConfigurationLine.Join(lines), notes);
    }

    /// <summary>The loaders take what is no character for a blank; who writes such a thing meant something else.</summary>
    private static void Check(string name, int number, ReadOnlySpan<byte> line)
    {
        string text;
        try
        {
            text = s_strictUtf8.GetString(line);
        }
        catch (DecoderFallbackException problem)
        {
            throw new ImageException($"{name}, line {number}: bytes that are not UTF-8", problem);
        }
        foreach (char character in text)
        {
            if (char.IsControl(character) && character is not ('\t' or '\r'))
                throw new ImageException($"{name}, line {number}: a control character, 0x{(int)character:x2}");
        }
    }

    private static byte[] ReadDefault()
    {
        using Stream stream = typeof(ConfigurationFile).Assembly.GetManifestResourceStream(FileName)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
