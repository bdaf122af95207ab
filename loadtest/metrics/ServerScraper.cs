using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading;
using System.Threading.Tasks;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Metrics;

/// <summary>
/// Asks a server's <c>/metrics</c> when the measurement begins, each second, and when it ends, on a thread of its own. What
/// fails is counted: a load test does not end because of it.
/// </summary>
internal sealed class ServerScraper : IDisposable
{
    private const long NanosPerSecond = 1_000_000_000;
    private const int PageBytesMax = 16 << 20;

    /// <summary>The last scrape may come so soon after the one before it.</summary>
    private const long GapNanosMin = NanosPerSecond / 2;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    private readonly Uri _url;
    private readonly HttpClient _client;
    private readonly long _begin;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _stop = new();
    private readonly List<ServerSample> _samples = [];
    private int _failures;
    private string? _firstFailure;

    /// <param name="url">Where the metrics are.</param>
    /// <param name="token">For <c>Authorization: Bearer</c>; null for none.</param>
    /// <param name="begin">When the measurement begins, by <see cref="LoadClock"/>.</param>
    public ServerScraper(Uri url, string? token, long begin)
    {
        _url = url;
        _begin = begin;
        _client = new HttpClient { Timeout = Timeout, MaxResponseContentBufferSize = PageBytesMax };
        if (token != null) _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        _thread = new Thread(Run) { IsBackground = true, Name = "metrics" };
        _thread.Start();
    }

    /// <summary>Asks once more, and says what there was. Called once.</summary>
    public ServerFigures Finish()
    {
        _stop.Set();
        _thread.Join();
        return new ServerFigures
        {
            Url = _url.ToString(), Failures = _failures, FirstFailure = _firstFailure, Samples = _samples,
        };
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _stop.Dispose();
        _client.Dispose();
    }

    private void Run()
    {
        long next = _begin, last = long.MinValue / 2;
        while (true)
        {
            bool isLast = WaitUntil(next);
            long now = LoadClock.Now();
            if (isLast && (now < _begin || now - last < GapNanosMin)) return;
            last = now;
            Scrape();
            if (isLast) return;
            // What took too long is left out, not made up for.
            do next += NanosPerSecond; while (next <= LoadClock.Now());
        }
    }

    /// <summary>True if the end came first. A wait may be over a little before its time: the clock decides.</summary>
    private bool WaitUntil(long time)
    {
        bool isStopped = false;
        for (long now = LoadClock.Now(); now < time && !isStopped; now = LoadClock.Now())
            isStopped = _stop.Wait(TimeSpan.FromMilliseconds(((time - now) / 1_000_000) + 1));
        return isStopped;
    }

    private void Scrape()
    {
        try
        {
            string page = _client.GetStringAsync(_url).GetAwaiter().GetResult();
            ServerSample sample =
                ServerSample.Of((LoadClock.Now() - _begin) / (double)NanosPerSecond, MetricsParser.Parse(page));
            if (sample.Commands.Count == 0 && sample.Items == null)
                throw new FormatException("the page has no metrics of memcached_exporter");
            _samples.Add(sample);
        }
        catch (Exception problem) when (
            problem is HttpRequestException or TaskCanceledException or FormatException or IOException or InvalidOperationException)
        {
            _failures++;
            _firstFailure ??= problem is TaskCanceledException
                ? $"no answer for {Timeout.TotalSeconds} s"
                : problem.Message.Split('\n').First();
        }
    }
}
