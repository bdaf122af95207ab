using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

public sealed class GreetingTests
{
    /// <summary>Else some would wait where a short queue forgets them.</summary>
    [Theory]
    [InlineData(WireProtocol.Text)]
    [InlineData(WireProtocol.Meta)]
    [InlineData(WireProtocol.Binary)]
    public void Nobody_connects_before_the_one_before_was_answered(WireProtocol protocol)
    {
        using var server = new FaultyServer { AcceptDelay = TimeSpan.FromMilliseconds(5) };
        LoadResult result = LoadRunner.Run(
            Settings(server.Address) with { Protocol = protocol, IsVerifying = true }, TextWriter.Null, default);
        Assert.Equal(0, result.Total.Errors.Total);
        Assert.Equal(0, server.QueuedCount);
    }

    [Theory]
    [InlineData("HTTP/1.1 400 Bad Request\r\n", "does not answer: it does not speak the protocol")]
    [InlineData("", "does not answer: it closes the connection")]
    [InlineData("VERSION 1", "does not answer: it closes the connection")]
    public void Who_does_not_answer_is_named(string answer, string problem)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new ServerAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        var serving = new Thread(() =>
        {
            using Socket client = listener.AcceptSocket();
            _ = client.Receive(new byte[100]);
            _ = client.Send(Encoding.ASCII.GetBytes(answer));
        });
        serving.Start();
        LoadTestException refusal = Assert.Throws<LoadTestException>(
            () => LoadRunner.Run(Settings(address), TextWriter.Null, default));
        serving.Join();
        Assert.Equal($"{address} {problem}", refusal.Message);
    }

    private static LoadSettings Settings(ServerAddress server) => new()
    {
        Server = server,
        ConnectionCount = 10,
        KeyCount = 10,
        Mix = OperationMix.Parse("get"),
        WarmUp = TimeSpan.Zero,
        RequestCount = 100,
    };
}
