using System;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading.Tasks;

namespace Memcachier.LoadTest.Traces;

/// <summary>
/// The bytes of a trace file, decompressed by the program <c>xz</c> if the file begins as an .xz file does.
/// </summary>
public sealed class TraceStream : IDisposable
{
    private readonly string _path;
    private readonly Stream _stream;
    private readonly Process? _xz;
    private readonly Task<string>? _complaint;

    private TraceStream(string path, Stream stream, Process? xz)
    {
        _path = path;
        _stream = stream;
        _xz = xz;
        _complaint = xz?.StandardError.ReadToEndAsync();
    }

    /// <summary>The first bytes of an .xz file.</summary>
    private static ReadOnlySpan<byte> XzMagic => [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0];

    public static TraceStream Open(string path)
    {
        if (Directory.Exists(path)) throw new LoadTestException($"{path} is a directory, not a trace");
        if (!File.Exists(path)) throw new LoadTestException($"there is no file {path}");
        try
        {
            FileStream file = File.OpenRead(path);
            Span<byte> magic = stackalloc byte[XzMagic.Length];
            int length = file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false);
            if (!magic.Slice(0, length).SequenceEqual(XzMagic))
            {
                file.Position = 0;
                return new TraceStream(path, file, null);
            }
            file.Dispose();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new LoadTestException($"cannot read {path}: {problem.Message}", problem);
        }
        Process xz = StartXz(path);
        return new TraceStream(path, xz.StandardOutput.BaseStream, xz);
    }

    /// <summary>Fills <paramref name="destination"/> as far as there are bytes.</summary>
    public int Read(Span<byte> destination)
    {
        int length = _stream.ReadAtLeast(destination, destination.Length, throwOnEndOfStream: false);
        if (length < destination.Length) CheckXz();
        return length;
    }

    /// <summary>Ends <c>xz</c> too, if not everything was read.</summary>
    public void Dispose()
    {
        _stream.Dispose();
        if (_xz == null) return;
        if (!_xz.HasExited) _xz.Kill();
        _xz.WaitForExit();
        _xz.Dispose();
    }

    private static Process StartXz(string path)
    {
        var start = new ProcessStartInfo("xz", ["-dc", "--", path])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        };
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new LoadTestException($"{path} needs xz, which is not installed: apt-get install xz-utils", problem);
        }
    }

    private void CheckXz()
    {
        if (_xz == null) return;
        _xz.WaitForExit();
        if (_xz.ExitCode == 0) return;
        string complaint = _complaint!.GetAwaiter().GetResult().Trim().Split('\n')[0];
        throw new LoadTestException($"cannot decompress {_path}: {complaint}");
    }
}
