using System;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace Memcachier.BootTests.Load;

/// <summary>
/// Lets those who connect in one at a time: the next one when the guest has answered the one before.
/// </summary>
/// <remarks>
/// QEMU's user networking listens with a backlog of 1. Linux answers with SYN cookies what does not fit, and may then drop
/// what the client says until its retransmissions are a minute apart, as with any listener of that backlog that is slow to
/// accept.
/// </remarks>
internal sealed class OpeningGate : IDisposable
{
    private readonly SemaphoreSlim _free = new(1);
    private readonly IPEndPoint _server;
    private readonly TimeSpan _bound;

    public OpeningGate(IPEndPoint server, TimeSpan bound)
    {
        _server = server;
        _bound = bound;
    }

    /// <summary>A connection that has been answered once, so it is open on the guest's side, too.</summary>
    public async Task<MemcachedConnection> OpenAsync()
    {
        await _free.WaitAsync();
        try
        {
            MemcachedConnection connection = await MemcachedConnection.OpenAsync(_server, _bound);
            try
            {
                string answer = await connection.AskAsync("version");
                return answer.StartsWith("VERSION ", StringComparison.Ordinal)
                    ? connection
                    : throw new InvalidDataException($"expected a version, got '{answer}'");
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        finally
        {
            _ = _free.Release();
        }
    }

    public void Dispose() => _free.Dispose();
}
