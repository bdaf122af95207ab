using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.Cli.Commands;

/// <summary>Prints a growing file.</summary>
public sealed class ConsoleFollower
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    private readonly string _file;
    private readonly TextWriter _output;

    public ConsoleFollower(string file, TextWriter output)
    {
        _file = file;
        _output = output;
    }

    /// <summary>
    /// True when <paramref name="ended"/> said so, and everything was printed; false when interrupted.
    /// </summary>
    public async Task<bool> FollowUntilAsync(Func<bool> ended, CancellationToken cancel)
    {
        using var stream = new FileStream(
            _file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        while (true)
        {
            // Asked first: what the guest wrote before its end is then still read below.
            bool last = ended();
            await _output.WriteAsync(await reader.ReadToEndAsync(CancellationToken.None));
            await _output.FlushAsync(CancellationToken.None);
            if (last)
                return true;
            if (cancel.IsCancellationRequested)
                return false;
            await Task.Delay(Poll, cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
