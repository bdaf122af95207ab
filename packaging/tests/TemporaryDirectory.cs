using System;
using System.IO;

namespace Memcachier.Cli.Tests;

/// <summary>
/// A directory that is gone after the test. Short, because a Unix socket's path may have only 107 bytes.
/// </summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("mc-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
