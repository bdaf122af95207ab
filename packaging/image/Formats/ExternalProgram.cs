using System.Collections.Generic;
using System.ComponentModel;
using System.Diagnostics;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Packaging.Image.Formats;

/// <summary>A program that reads its standard input and writes its standard output.</summary>
internal static class ExternalProgram
{
    /// <param name="program">Its name.</param>
    /// <param name="package">Debian's name of the package it is in.</param>
    /// <param name="arguments">What it is told.</param>
    /// <param name="input">What it reads.</param>
    /// <param name="cancel">Ends it.</param>
    /// <returns>What it writes.</returns>
    /// <exception cref="ImageException">It is not installed, or fails.</exception>
    public static async Task<byte[]> RunAsync(
        string program, string package, IReadOnlyList<string> arguments, byte[] input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        using Process process = Start(start, package);
        try
        {
            using var output = new MemoryStream();
            Task reading = process.StandardOutput.BaseStream.CopyToAsync(output, cancel);
            Task<string> errors = process.StandardError.ReadToEndAsync(cancel);
            await WriteAsync(process, input, cancel);
            await Task.WhenAll(reading, errors);
            await process.WaitForExitAsync(cancel);
            if (process.ExitCode == 0) return output.ToArray();
            throw new ImageException($"{program} failed: {(await errors).Trim()}");
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static async Task WriteAsync(Process process, byte[] input, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything, and says why.
        }
    }

    private static Process Start(ProcessStartInfo start, string package)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception problem)
        {
            throw new ImageException($"{start.FileName} is not installed: apt-get install {package}", problem);
        }
    }
}
