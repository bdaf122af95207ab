using System;
using System.Collections.Generic;
using System.IO;
using System.Text;

namespace Memcachier.Management.Assets.Build;

/// <summary>Writes the C# file that holds the files which the image serves as they are.</summary>
public static class Program
{
    private const int UsageStatus = 2;

    /// <param name="arguments">The file to write, then <c>Name=file</c> for each of those to embed.</param>
    public static int Main(string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        if (arguments.Length < 2)
        {
            Console.Error.WriteLine("usage: asset-embedder OUTPUT NAME=FILE...");
            return UsageStatus;
        }
        var assets = new List<(string Name, byte[] Content)>();
        foreach (string argument in arguments.AsSpan(1))
        {
            int equals = argument.IndexOf('=');
            if (equals < 1)
            {
                Console.Error.WriteLine($"asset-embedder: {argument} is not NAME=FILE");
                return UsageStatus;
            }
            assets.Add((argument[..equals], File.ReadAllBytes(argument[(equals + 1)..])));
        }
        File.WriteAllText(arguments[0], AssetSource.Write(assets), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return 0;
    }
}
