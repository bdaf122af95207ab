using System;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.Cli.Machines;
using Xunit;

namespace Memcachier.Cli.Tests;

/// <summary>What a server has to say to be ready.</summary>
public sealed class ReadyProbeTests
{
    private const string Text = "version\r\n";
    private const string BinaryHead = "\u0081\u000b\0\0\0\0\0\0\0\0\0\u0006\0\0\0\0\0\0\0\0\0\0\0\0";

    private static readonly string s_binary = "\u0080\u000b" + new string('\0', 22);
    private static readonly TimeSpan s_bound = TimeSpan.FromSeconds(5);

    [Theory]
    [InlineData("VERSION 1.6.45\r\n", "1.6.45")]
    [InlineData("CLIENT_ERROR unauthenticated\r\n", "")]
    [InlineData("ERROR\r\n", null)]
    [InlineData("VERSION 1.6", null)]
    [InlineData("", null)]
    public Task An_answer_in_text(string answer, string? version) => ExpectAsync(version, false, Text, answer);

    [Theory]
    [InlineData(BinaryHead + "1.6.45", "1.6.45")]
    [InlineData(BinaryHead + "1.6.4", null)]
    [InlineData("VERSION 1.6.45, and more than twenty-four\r\n", null)]
    [InlineData("", null)]
    public Task An_answer_in_the_binary_protocol(string answer, string? version) =>
        ExpectAsync(version, true, s_binary, answer);

    [Fact]
    public async Task Who_says_nothing_in_text_is_asked_in_the_binary_protocol()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> asking =
            ReadyProbe.WaitForVersionAsync((IPEndPoint)listener.LocalEndpoint, CancellationToken.None);
        using Socket silent = await listener.AcceptSocketAsync();
        await ServeAsync(listener, s_binary, BinaryHead + "1.6.45");
        Assert.Equal("1.6.45", await asking);
    }

    [Fact]
    public async Task Nobody_there_is_not_ready()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var endPoint = (IPEndPoint)listener.LocalEndpoint;
        listener.Stop();
        Assert.Null(await ReadyProbe.TryVersionAsync(endPoint, isBinary: false, s_bound, CancellationToken.None));
    }

    private static async Task ExpectAsync(string? version, bool isBinary, string request, string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task serving = ServeAsync(listener, request, answer);
        var endPoint = (IPEndPoint)listener.LocalEndpoint;
        Assert.Equal(version, await ReadyProbe.TryVersionAsync(endPoint, isBinary, s_bound, CancellationToken.None));
        await serving;
    }

    /// <summary>Answers one connection, in two pieces, and hangs up.</summary>
    private static async Task ServeAsync(TcpListener listener, string request, string answer)
    {
        using Socket socket = await listener.AcceptSocketAsync();
        socket.NoDelay = true;
        byte[] received = new byte[request.Length];
        using (var stream = new NetworkStream(socket))
            await stream.ReadExactlyAsync(received);
        Assert.Equal(request, Encoding.Latin1.GetString(received));
        byte[] octets = Encoding.Latin1.GetBytes(answer);
        _ = await socket.SendAsync(octets.AsMemory(0, octets.Length / 2));
        _ = await socket.SendAsync(octets.AsMemory(octets.Length / 2));
    }
}
