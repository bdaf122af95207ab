using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Metadata;
using Xunit;

namespace Memcachier.Appliance.Tests.Metadata;

public sealed class MetadataClientTests
{
    private const long Second = 1_000_000;
    private const string Token = "AQAEAHpQ0123456789==";
    private const string NoData = "HTTP/1.1 404 Not Found\r\nMetadata-Flavor: Google\r\n\r\n";

    private static readonly string s_token = Ok(Token);
    private static readonly string s_data = Ok("memory_limit: 64\n");

    /// <summary>
    /// What a service says on each connection, the last again and again; what comes of it, on how many connections. "-"
    /// refuses the connection, "..." ends it where it stands, "?" says nothing.
    /// </summary>
    private static readonly (string Name, MetadataChoice Service, string[] Says, MetadataOutcome Outcome, int Attempts)[] Rows =
    [
        ("EC2", MetadataChoice.Ec2, [s_token, s_data], MetadataOutcome.Found, 2),
        ("EC2 without user data", MetadataChoice.Ec2, [s_token, NoData], MetadataOutcome.NoUserData, 2),
        ("EC2 with empty user data", MetadataChoice.Ec2, [s_token, Ok("")], MetadataOutcome.NoUserData, 2),
        ("EC2 starts late", MetadataChoice.Ec2, ["-", "HTTP/1.1 503 Busy\r\n\r\n", s_token, "...", s_data], MetadataOutcome.Found, 5),
        ("EC2 has too much to do", MetadataChoice.Ec2, [s_token, "HTTP/1.1 429 Slow down\r\n\r\n", s_data], MetadataOutcome.Found, 3),
        ("EC2 falls silent once", MetadataChoice.Ec2, [s_token, "?", s_data], MetadataOutcome.Found, 3),
        ("EC2's service is off", MetadataChoice.Ec2, ["HTTP/1.1 403 Forbidden\r\n\r\n"], MetadataOutcome.BadStatus, 1),
        ("EC2 without version 2", MetadataChoice.Ec2, [NoData], MetadataOutcome.BadStatus, 1),
        ("EC2 does not like the token", MetadataChoice.Ec2, [s_token, "HTTP/1.1 401 No\r\n\r\n"], MetadataOutcome.BadStatus, 2),
        ("EC2 redirects", MetadataChoice.Ec2, ["HTTP/1.1 301 Moved\r\nLocation: http://x/\r\n\r\n"], MetadataOutcome.BadStatus, 1),
        ("an empty token", MetadataChoice.Ec2, [Ok("")], MetadataOutcome.Malformed, 1),
        ("a token with a line end", MetadataChoice.Ec2, [Ok("a\r\nX: y")], MetadataOutcome.Malformed, 1),
        ("a token with a space", MetadataChoice.Ec2, [Ok("a b")], MetadataOutcome.Malformed, 1),
        ("a token of 512 bytes", MetadataChoice.Ec2, [Ok(new string('t', 512)), s_data], MetadataOutcome.Found, 2),
        ("a token of 513 bytes", MetadataChoice.Ec2, [Ok(new string('t', 513))], MetadataOutcome.Malformed, 1),
        ("OpenStack", MetadataChoice.OpenStack, [s_data], MetadataOutcome.Found, 1),
        ("OpenStack without user data", MetadataChoice.OpenStack, [NoData], MetadataOutcome.NoUserData, 1),
        ("OpenStack with other success", MetadataChoice.OpenStack, ["HTTP/1.1 204 No Content\r\n\r\n"], MetadataOutcome.BadStatus, 1),
        ("Google", MetadataChoice.Gce, [Ok("a: b", "Metadata-Flavor: Google\r\n")], MetadataOutcome.Found, 1),
        ("Google without user data", MetadataChoice.Gce, [NoData], MetadataOutcome.NoUserData, 1),
        ("not Google", MetadataChoice.Gce, [s_data], MetadataOutcome.NotGoogle, 1),
        ("not Google's 404", MetadataChoice.Gce, ["HTTP/1.1 404 Not Found\r\n\r\n"], MetadataOutcome.NotGoogle, 1),
        ("not quite Google", MetadataChoice.Gce, [Ok("a: b", "Metadata-Flavor: Googles\r\n")], MetadataOutcome.NotGoogle, 1),
        ("Google's gateway is starting", MetadataChoice.Gce, ["HTTP/1.1 502 Bad Gateway\r\n\r\n", NoData], MetadataOutcome.NoUserData, 2),
        ("16 KiB", MetadataChoice.OpenStack, [Ok(new string('x', 16384))], MetadataOutcome.Found, 1),
        ("more than 16 KiB", MetadataChoice.OpenStack, [Ok(new string('x', 16385))], MetadataOutcome.TooLong, 1),
        ("no length", MetadataChoice.OpenStack, ["HTTP/1.1 200 OK\r\n\r\nabc"], MetadataOutcome.Malformed, 1),
        ("rubbish", MetadataChoice.OpenStack, ["\0\u0001\u0002"], MetadataOutcome.Malformed, 1),
        ("always refused", MetadataChoice.OpenStack, ["-"], MetadataOutcome.Refused, 8),
        ("always cut short", MetadataChoice.OpenStack, ["HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc..."], MetadataOutcome.CutShort, 8),
        ("always failing", MetadataChoice.Ec2, ["HTTP/1.1 500 Oh\r\n\r\n"], MetadataOutcome.BadStatus, 8),
        ("always silent", MetadataChoice.Ec2, ["?"], MetadataOutcome.Unanswered, 3),
        ("never to the end", MetadataChoice.Ec2, [s_token, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc?"], MetadataOutcome.Unanswered, 4),
    ];

    public static TheoryData<string> Names() => [.. Rows.Select(row => row.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_a_service_says_has_an_outcome(string name)
    {
        (_, MetadataChoice service, string[] says, MetadataOutcome outcome, int attempts) = Rows.Single(row => row.Name == name);
        const long Start = 123_456;
        var client = new MetadataClient(service, Start);
        long end = Run(client, says, Start, _ => { });
        Assert.Equal(outcome, client.Outcome);
        Assert.Equal(attempts, client.AttemptCount);
        Assert.InRange(end - Start, 0, MetadataClient.TotalMicros);
        string content = outcome == MetadataOutcome.Found ? says[^1].Split("\r\n\r\n", 2)[1] : "";
        Assert.Equal(content, Encoding.Latin1.GetString(client.UserData));
        // It is over for good.
        client.Receive("HTTP/1.1 200 OK\r\n\r\n"u8, end);
        client.Refused(end);
        client.End(end);
        client.AdvanceTimers(hasAddress: true, end + (100 * Second));
        Assert.False(client.TryBegin(end + (100 * Second)));
        Assert.Equal(outcome, client.Outcome);
        Assert.Equal(long.MaxValue, client.NextTimerMicros);
    }

    [Theory]
    [InlineData("EC2", "configuration: EC2 metadata service: user data of 17 bytes, after 12 ms")]
    [InlineData("OpenStack without user data", "configuration: OpenStack metadata service: there is no user data, after 12 ms")]
    [InlineData("EC2's service is off", "error: configuration: EC2 metadata service: /latest/api/token was answered with status 403; given up after 12 ms")]
    [InlineData("EC2 does not like the token", "error: configuration: EC2 metadata service: /latest/user-data was answered with status 401; given up after 12 ms")]
    [InlineData("always refused", "error: configuration: OpenStack metadata service: /openstack/latest/user_data cannot be asked for, the connection is refused; given up after 12 ms")]
    [InlineData("always cut short", "error: configuration: OpenStack metadata service: /openstack/latest/user_data was answered in part only; given up after 12 ms")]
    [InlineData("never to the end", "error: configuration: EC2 metadata service: /latest/user-data was not answered; given up after 12 ms")]
    [InlineData("rubbish", "error: configuration: OpenStack metadata service: /openstack/latest/user_data was answered with what cannot be used; given up after 12 ms")]
    [InlineData("more than 16 KiB", "error: configuration: OpenStack metadata service: /openstack/latest/user_data was answered with more than 16384 bytes; given up after 12 ms")]
    [InlineData("not Google", "error: configuration: Google metadata service: /computeMetadata/v1/instance/attributes/user-data was answered by somebody else; given up after 12 ms")]
    public void The_console_says_what_came_of_it(string name, string line)
    {
        (_, MetadataChoice service, string[] says, _, _) = Rows.Single(row => row.Name == name);
        var client = new MetadataClient(service, 0);
        _ = Run(client, says, 0, _ => { });
        Assert.Equal(line, Line(client));
    }

    [Fact]
    public void The_console_says_that_there_is_no_address()
    {
        var client = new MetadataClient(MetadataChoice.Ec2, 0);
        client.AdvanceTimers(hasAddress: false, MetadataClient.TotalMicros);
        Assert.Equal(
            "error: configuration: EC2 metadata service: no DHCP server gave us an address; given up after 12 ms", Line(client));
    }

    [Fact]
    public void Ec2_is_asked_for_a_token_and_then_by_it()
    {
        Assert.Equal(
            [
                "PUT /latest/api/token HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\nUser-Agent: memcachier\r\n"
                + "X-aws-ec2-metadata-token-ttl-seconds: 60\r\nContent-Length: 0\r\n\r\n",
                "GET /latest/user-data HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\nUser-Agent: memcachier\r\n"
                + $"X-aws-ec2-metadata-token: {Token}\r\n\r\n",
            ],
            RequestsTo(MetadataChoice.Ec2, [s_token, s_data]));
    }

    [Fact]
    public void OpenStack_is_asked() => Assert.Equal(
        [
            "GET /openstack/latest/user_data HTTP/1.1\r\nHost: 169.254.169.254\r\nConnection: close\r\n"
            + "User-Agent: memcachier\r\n\r\n",
        ],
        RequestsTo(MetadataChoice.OpenStack, [s_data]));

    [Fact]
    public void Google_is_asked_with_the_field_that_no_redirected_request_has() => Assert.Equal(
        [
            "GET /computeMetadata/v1/instance/attributes/user-data HTTP/1.1\r\nHost: metadata.google.internal\r\n"
            + "Connection: close\r\nUser-Agent: memcachier\r\nMetadata-Flavor: Google\r\n\r\n",
        ],
        RequestsTo(MetadataChoice.Gce, [NoData]));

    [Theory]
    [InlineData("HTTP/1.1 403 Forbidden\r\n\r\n")]
    [InlineData("HTTP/1.1 404 Not Found\r\n\r\n")]
    [InlineData("HTTP/1.1 405 Method Not Allowed\r\n\r\n")]
    [InlineData("HTTP/1.1 500 Oh\r\n\r\n")]
    [InlineData("?")]
    [InlineData("-")]
    public void Ec2_is_never_asked_without_a_token(string says) =>
        Assert.All(RequestsTo(MetadataChoice.Ec2, [says]), request => Assert.StartsWith("PUT /latest/api/token ", request));

    [Fact]
    public void Pauses_double_up_to_two_seconds()
    {
        var begins = new List<long>();
        var client = new MetadataClient(MetadataChoice.OpenStack, 0);
        _ = Run(client, ["-"], 0, begins.Add);
        long[] pauses = [.. begins.Zip(begins.Skip(1), (first, second) => (second - first) / 1000)];
        Assert.Equal([200, 400, 800, 1600, 2000, 2000, 2000], pauses);
    }

    [Fact]
    public void Without_an_address_it_waits_for_ten_seconds()
    {
        var client = new MetadataClient(MetadataChoice.Ec2, 0);
        client.AdvanceTimers(hasAddress: false, (10 * Second) - 1);
        Assert.Equal(MetadataOutcome.Pending, client.Outcome);
        Assert.Equal(0, client.Status);
        client.AdvanceTimers(hasAddress: false, 10 * Second);
        Assert.Equal(MetadataOutcome.NoAddress, client.Outcome);
    }

    [Fact]
    public void An_address_that_came_late_leaves_less_time()
    {
        var client = new MetadataClient(MetadataChoice.OpenStack, 0);
        Assert.True(client.TryBegin(9 * Second));
        Assert.Equal(10 * Second, client.NextTimerMicros);
        client.AdvanceTimers(hasAddress: true, 10 * Second);
        Assert.Equal(MetadataOutcome.Unanswered, client.Outcome);
    }

    [Theory]
    [InlineData("Amazon EC2", "m7i.large", MetadataChoice.Ec2)]
    [InlineData("Amazon EC2 ", "t3.nano", MetadataChoice.Off)]
    [InlineData("OpenStack Foundation", "OpenStack Nova", MetadataChoice.OpenStack)]
    [InlineData("Red Hat", "OpenStack Compute", MetadataChoice.OpenStack)]
    [InlineData("Google", "Google Compute Engine", MetadataChoice.Gce)]
    [InlineData("QEMU", "Standard PC (Q35 + ICH9, 2009)", MetadataChoice.Off)]
    [InlineData("", "", MetadataChoice.Off)]
    public void A_cloud_is_recognised_by_its_name(string manufacturer, string product, MetadataChoice service) =>
        Assert.Equal(
            service, CloudRecognition.Recognise(Encoding.ASCII.GetBytes(manufacturer), Encoding.ASCII.GetBytes(product)));

    private static string Ok(string content, string fields = "") =>
        $"HTTP/1.1 200 OK\r\n{fields}Content-Length: {content.Length}\r\n\r\n{content}";

    private static List<string> RequestsTo(MetadataChoice service, string[] says)
    {
        var requests = new List<string>();
        var client = new MetadataClient(service, 0);
        _ = Run(client, says, 0, _ => requests.Add(Request(client)));
        return requests;
    }

    private static string Request(MetadataClient client)
    {
        var line = new LineBuilder(new byte[MetadataClient.RequestLengthMax]);
        client.AppendRequest(ref line);
        return Encoding.ASCII.GetString(line.Octets);
    }

    private static string Line(MetadataClient client)
    {
        var line = new LineBuilder(new byte[MetadataText.LengthMax]);
        MetadataText.Append(client, 12_345, ref line);
        Assert.InRange(line.Octets.Length, 1, MetadataText.LengthMax - 1);
        return Encoding.ASCII.GetString(line.Octets);
    }

    /// <summary>Returns when it was over.</summary>
    private static long Run(MetadataClient client, string[] says, long nowMicros, Action<long> begun)
    {
        for (int attempt = 0; client.Outcome == MetadataOutcome.Pending;)
        {
            if (!client.TryBegin(nowMicros))
            {
                nowMicros = client.NextTimerMicros;
                client.AdvanceTimers(hasAddress: true, nowMicros);
                continue;
            }
            begun(nowMicros);
            string answer = says[Math.Min(attempt++, says.Length - 1)];
            if (answer == "-")
            {
                client.Refused(nowMicros);
                continue;
            }
            client.Receive(Encoding.Latin1.GetBytes(answer.Replace("...", "").TrimEnd('?')), nowMicros);
            if (answer.EndsWith("...", StringComparison.Ordinal)) client.End(nowMicros);
        }
        return nowMicros;
    }
}
