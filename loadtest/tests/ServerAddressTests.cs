using Xunit;

namespace Memcachier.LoadTest.Tests;

public sealed class ServerAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:11212", "127.0.0.1", 11212)]
    [InlineData("cache.example", "cache.example", 11211)]
    [InlineData("[::1]:5", "::1", 5)]
    [InlineData("[::1]", "::1", 11211)]
    public void Reads(string text, string host, int port) =>
        Assert.Equal(new ServerAddress(host, port), ServerAddress.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":11211")]
    [InlineData("host:")]
    [InlineData("host:0")]
    [InlineData("host:65536")]
    [InlineData("host:-1")]
    [InlineData("::1:11211")]
    public void Refuses(string text) =>
        Assert.Equal(
            $"'{text}' is not a server: write HOST:PORT, say 127.0.0.1:11211",
            Assert.Throws<LoadTestException>(() => ServerAddress.Parse(text)).Message);

    [Fact]
    public void Reads_lists() => Assert.Equal(
        [new ServerAddress("a", 1), new ServerAddress("b", 11211), new ServerAddress("::1", 2)],
        ServerAddress.ParseList("a:1,b,[::1]:2"));

    [Theory]
    [InlineData("a,a", "'a,a' is not a list of servers: write each once, and up to 100")]
    [InlineData("a,,b", "'' is not a server: write HOST:PORT, say 127.0.0.1:11211")]
    public void Refuses_lists(string text, string sentence) => Assert.Equal(
        sentence, Assert.Throws<LoadTestException>(() => ServerAddress.ParseList(text)).Message);
}
