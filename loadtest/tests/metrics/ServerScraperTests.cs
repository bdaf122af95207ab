using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using Memcachier.LoadTest.Engine;
using Memcachier.LoadTest.Metrics;
using Memcachier.LoadTest.Measure;
using Memcachier.LoadTest.Report;
using Memcachier.LoadTest.Report.Document;
using Memcachier.LoadTest.Report.Html;
using Memcachier.LoadTest.Tests.Engine;
using Memcachier.LoadTest.Tests.Report;
using Memcachier.LoadTest.Workload;
using Xunit;

namespace Memcachier.LoadTest.Tests.Metrics;

public sealed class ServerScraperTests
{
    [Fact]
    public void A_run_has_the_servers_figures_from_its_beginning_and_its_end()
    {
        using var server = new FaultyServer();
        using var metrics = new MetricsServer(
            number => ("200 OK", MetricsPages.Of(gets: 100 * number, misses: 0)), token: "secret");
        LoadResult result = LoadRunner.Run(SettingsOf(server, metrics.Url), TextWriter.Null, default);
        Assert.Equal((metrics.Url.ToString(), 0, null), (result.Server!.Url, result.Server.Failures, result.Server.FirstFailure));
        Assert.InRange(result.Server.Samples.Count, 2, 10);
        Assert.InRange(result.Server.Samples[0].Second, 0, 1);
        Assert.All(result.Server.Samples.Skip(1), each => Assert.True(each.Second > 0.5));
        Assert.Contains(result.Server.Facts(), fact => fact.Name == "get");
        Assert.DoesNotContain(result.Warnings, each => each.StartsWith("the server's", StringComparison.Ordinal));

        // What went into the file comes out of it; but not the token.
        byte[] json = SampleRun.Json(result, SampleRun.Settings with { MetricsToken = "secret" });
        Assert.DoesNotContain("secret", Encoding.UTF8.GetString(json));
        RunDocument run = RunDocument.Read(json, "a.json");
        Assert.Equal(result.Server.Facts(), run.Server!.Facts());
    }

    [Fact]
    public void Reports_show_them()
    {
        LoadResult result = SampleRun.Result(4, _ => 90) with
        {
            Server = new ServerFigures
            {
                Url = "http://here/metrics",
                Failures = 1,
                FirstFailure = "gone",
                Samples =
                [
                    .. Enumerable.Range(0, 4).Select(second => ServerSample.Of(
                        second, MetricsParser.Parse(MetricsPages.Of(90 * second, 10 * second, second)))),
                ],
            },
        };
        using var text = new StringWriter { NewLine = "\n" };
        LoadReport.Print(result, SampleRun.Settings, text);
        Assert.Contains(
            "\nserver      get 100/s, 10.00% misses; items 10; bytes 1.0 MB of 64.0 MB; evictions 0; connections 3; CPU 100%\n",
            text.ToString());
        Assert.Contains(
            "\nwarning: the server's own figures are incomplete: 1 of 5 scrapes of http://here/metrics failed, the first: gone\n",
            text.ToString());
        using var markdown = new StringWriter();
        MarkdownReport.Write(SampleRun.Document(result), markdown);
        Assert.Contains("\n#### What the server says\n\n- get: 100/s, 10.00% misses\n", markdown.ToString());
        using var html = new StringWriter();
        HtmlReport.Write(SampleRun.Document(result), html);
        string[] titles =
            ["Commands per second", "Hit ratio of get", "Processor", "Memory", "Items", "Evictions per second"];
        Assert.All(titles, title => Assert.Contains($"<h3>{title}</h3>", html.ToString()));
    }

    [Theory]
    [InlineData("404 Not Found", "", "404 (Not Found)")]
    [InlineData("200 OK", "<html>", "line 1 is no metric: <html>")]
    [InlineData("200 OK", "go_threads 7\n", "the page has no metrics of memcached_exporter")]
    public void A_scrape_that_fails_is_a_warning(string status, string page, string reason)
    {
        using var metrics = new MetricsServer(_ => (status, page));
        using var scraper = new ServerScraper(metrics.Url, null, LoadClock.Now());
        Assert.True(metrics.WaitForRequest(), "nothing was asked");
        ServerFigures figures = scraper.Finish();
        Assert.InRange(figures.Failures, 1, 100);
        Assert.Contains(reason, figures.FirstFailure);
        Assert.Empty(figures.Samples);
        LoadResult result = SampleRun.Result(4, _ => 90) with { Server = figures };
        Assert.StartsWith("the server's own figures are incomplete: ", Assert.Single(result.Warnings));
    }

    [Fact]
    public void Nobody_there_is_a_warning()
    {
        using var server = new FaultyServer();
        LoadResult result =
            LoadRunner.Run(SettingsOf(server, new Uri("http://127.0.0.1:1/metrics")), TextWriter.Null, default);
        Assert.Contains(result.Warnings, each => each.Contains("scrapes of http://127.0.0.1:1/metrics failed", StringComparison.Ordinal));
    }

    private static LoadSettings SettingsOf(FaultyServer server, Uri metrics) => new()
    {
        Server = server.Address,
        Mix = OperationMix.Parse("get"),
        Rate = 100,
        KeyCount = 10,
        WarmUp = TimeSpan.Zero,
        Duration = TimeSpan.FromMilliseconds(700),
        Metrics = metrics,
        MetricsToken = "secret",
    };

    /// <summary>Answers every connection once; with a token, only whoever has it.</summary>
    private sealed class MetricsServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Func<int, (string Status, string Page)> _answer;
        private readonly string? _token;
        private readonly ManualResetEventSlim _asked = new();

        public MetricsServer(Func<int, (string Status, string Page)> answer, string? token = null)
        {
            _answer = answer;
            _token = token;
            _listener.Start();
            new Thread(Serve) { IsBackground = true }.Start();
        }

        public Uri Url => new($"http://{_listener.LocalEndpoint}/metrics");

        public bool WaitForRequest() => _asked.Wait(TimeSpan.FromSeconds(20));

        public void Dispose()
        {
            _listener.Dispose();
            _asked.Dispose();
        }

        private void Serve()
        {
            try
            {
                for (int number = 1; ; number++)
                {
                    using TcpClient client = _listener.AcceptTcpClient();
                    using var reader = new StreamReader(client.GetStream(), Encoding.ASCII);
                    bool isWelcome = _token == null;
                    while (reader.ReadLine() is { Length: > 0 } line)
                        isWelcome |= line == $"Authorization: Bearer {_token}";
                    (string status, string page) = isWelcome ? _answer(number) : ("401 Unauthorized", "");
                    client.GetStream().Write(Encoding.ASCII.GetBytes(
                        $"HTTP/1.1 {status}\r\nContent-Length: {page.Length}\r\nConnection: close\r\n\r\n{page}"));
                    _asked.Set();
                }
            }
            catch (Exception problem)
                when (problem is SocketException or IOException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
        }
    }
}
