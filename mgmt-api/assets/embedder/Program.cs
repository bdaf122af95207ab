using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Memcachier.Management.Assets.Build;

/// <summary>Writes the C# file that holds the files which the image serves as they are.</summary>
public static class Program
{
    private const int UsageStatus = 2;

    /// <param name="arguments">The file to write, then <c>path=file</c> for each of those to embed.</param>
    public static int Main(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Length < 2)
        {
            Console.Error.WriteLine("usage: asset-embedder OUTPUT PATH=FILE...");
            return UsageStatus;
        }
        var assets = new List<(string Path, byte[] Content)>();
        foreach (string argument in arguments.AsSpan(1))
        {
            int equals = argument.IndexOf('=');
            if (equals < 1)
            {
                Console.Error.WriteLine($"asset-embedder: {argument} is not PATH=FILE");
                return UsageStatus;
            }
            string file = argument[(equals + 1)..];
            assets.Add((argument[..equals], AssetText.Shorten(file, File.ReadAllBytes(file))));
        }
        // In whatever order the file system tells of them.
        assets.Sort((one, other) => string.CompareOrdinal(one.Path, other.Path));
        File.WriteAllText(arguments[0], AssetSource.Write(assets), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return 0;
    }
}
