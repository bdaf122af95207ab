using System;
using System.IO;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Report.Live;

/// <summary>A line each second, for files and for whoever prefers it.</summary>
public sealed class PlainView : IRunView
{
    private const long NanosPerSecond = 1_000_000_000;

    private readonly TextWriter _output;
    private long _next;

    public PlainView(TextWriter output)
    {
        _output = output;
        _next = LoadClock.Now() + NanosPerSecond;
    }

    public void Rehearse(SecondSample second) => ProgressLine.Write(TextWriter.Null, second);

    public void Preloading(long count, long total, string what) => Tell("preloading", count, total, what);

    public void Checking(long count, long total, string what) => Tell("checking", count, total, what);

    public void Preloaded(long total, string what, TimeSpan took)
    {
        _output.WriteLine(FormattableString.Invariant($"preloaded {total} {what} in {took.TotalSeconds:0.0} s"));
        _next = LoadClock.Now() + NanosPerSecond;
    }

    public void Note(string text) => _output.WriteLine(text);

    public void Running(TimeSpan elapsed, long answered)
    {
        // The seconds say enough.
    }

    public void Second(SecondSample second) => ProgressLine.Write(_output, second);

    private void Tell(string doing, long count, long total, string what)
    {
        long now = LoadClock.Now();
        if (now < _next) return;
        _next = now + NanosPerSecond;
        _output.WriteLine($"{doing}: {count} of {total} {what}");
    }
}
