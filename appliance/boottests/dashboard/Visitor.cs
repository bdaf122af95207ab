using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.BootTests.Load;
using Xunit;

namespace Memcachier.BootTests.Dashboard;

/// <summary>A client that asks for a key that is there and one that is not, over and over, until it is disposed of.</summary>
internal sealed class Visitor : IAsyncDisposable
{
    public const string Key = "popular:1";

    private readonly CancellationTokenSource _end = new();
    private readonly Task _visit;

    public Visitor(IPEndPoint server) => _visit = VisitAsync(server, _end.Token);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _visit;
        _end.Dispose();
    }

    private static async Task VisitAsync(IPEndPoint server, CancellationToken end)
    {
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(server, DashboardPage.Bound);
        Assert.Equal("STORED", await connection.SetAsync(Key, new byte[100]));
        for (int i = 0; !end.IsCancellationRequested; i++)
        {
            Assert.NotNull(await connection.GetAsync(Key));
            if (i % 4 == 0)
                Assert.Equal("END", await connection.AskAsync("get missing"));
            await Task.Delay(2, CancellationToken.None);
        }
    }
}
