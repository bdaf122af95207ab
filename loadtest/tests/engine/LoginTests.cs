using System;
using System.IO;
using System.Linq;
using System.Text;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Tests.Replay;
using Memcachier.LoadTest.Workload;
using Memcachier.Protocol.Binary;
using Xunit;

namespace Memcachier.LoadTest.Tests.Engine;

public sealed class LoginTests
{
    [ProgramTheory(ReferenceServer.Program)]
    [InlineData(WireProtocol.Text)]
    [InlineData(WireProtocol.Meta)]
    public void Memcached_lets_in_who_knows_the_password(WireProtocol protocol)
    {
        using var directory = new TemporaryDirectory();
        string users = directory.Write("users", "bob:other\nann:password\n"u8);
        using var server = new ReferenceServer("-Y", users);
        LoadSettings settings = Settings(server.Address, protocol);
        Assert.Equal((300, 0), Run(settings));
        Assert.Equal(
            $"{server.Address} refuses the login of ann: CLIENT_ERROR authentication failure",
            Refusal(settings with { Credentials = new Credentials("ann", "Password") }));
    }

    /// <summary>Each connection, and the one that follows a broken one.</summary>
    [Fact]
    public void Every_connection_logs_in_by_sasl()
    {
        using var server = new FaultyServer { HangsUpAfter = 20 };
        Assert.Equal((300, 1), Run(Settings(server.Address, WireProtocol.Binary)));
        Assert.Equal(Enumerable.Repeat("PLAIN |ann|password", 4), server.Logins);
    }

    [Fact]
    public void A_refusal_ends_the_run()
    {
        using var server = new FaultyServer { LoginStatus = Status.AuthError };
        Assert.Equal(
            $"{server.Address} refuses the login of ann: status 0020 Auth failure.",
            Refusal(Settings(server.Address, WireProtocol.Binary)));
        _ = Assert.Single(server.Logins);
    }

    [Theory]
    [InlineData("secret", "secret")]
    [InlineData("secret\nsecond line\n", "secret")]
    [InlineData(" with blanks \r\n", " with blanks ")]
    public void The_password_is_the_first_line(string content, string password)
    {
        using var directory = new TemporaryDirectory();
        string file = directory.Write("password", Encoding.UTF8.GetBytes(content));
        Assert.Equal(new Credentials("ann", password), Credentials.Read("ann", file));
    }

    [Fact]
    public void What_is_no_login_is_refused()
    {
        using var directory = new TemporaryDirectory();
        string empty = directory.Write("empty", "\n"u8);
        Assert.Null(Credentials.Read(null, null));
        Assert.StartsWith("a login takes both", Problem("ann", null));
        Assert.StartsWith("a login takes both", Problem(null, empty));
        Assert.StartsWith("'an n' is not a name", Problem("an n", empty));
        Assert.Equal($"the first line of {empty} is not a password", Problem("ann", empty));
        Assert.StartsWith("cannot read the password: ", Problem("ann", empty + ".missing"));
    }

    private static string Problem(string? userName, string? passwordFile) =>
        Assert.Throws<LoadTestException>(() => Credentials.Read(userName, passwordFile)).Message;

    private static LoadSettings Settings(ServerAddress server, WireProtocol protocol) => new()
    {
        Server = server,
        Protocol = protocol,
        Credentials = new Credentials("ann", "password"),
        ConnectionCount = 3,
        KeyCount = 10,
        Mix = OperationMix.Parse("get"),
        WarmUp = TimeSpan.Zero,
        RequestCount = 300,
        IsVerifying = true,
    };

    private static (long Requests, long Errors) Run(LoadSettings settings)
    {
        LoadResult result = LoadRunner.Run(settings, TextWriter.Null, default);
        return (result.Total.Requests, result.Total.Errors.Total);
    }

    private static string Refusal(LoadSettings settings) =>
        Assert.Throws<LoadTestException>(() => Run(settings)).Message;
}
