using System;
using Memcachier.LoadTest.Measure;

namespace Memcachier.LoadTest.Report.Live;

/// <summary>Shows how a run goes while it goes. Called by one thread, some times a second.</summary>
public interface IRunView
{
    /// <summary>
    /// Shows a second nowhere, before the load begins. What is done for the first time is compiled, which takes
    /// milliseconds that a measurement on the same processor would see.
    /// </summary>
    void Rehearse(SecondSample second);

    /// <summary>Keys are being stored.</summary>
    /// <param name="count">So many have been.</param>
    /// <param name="total">Of so many.</param>
    /// <param name="what"><c>keys</c> or <c>counters</c>.</param>
    void Preloading(long count, long total, string what);

    /// <summary>All are stored.</summary>
    /// <param name="total">So many.</param>
    /// <param name="what"><c>keys</c> or <c>counters</c>.</param>
    /// <param name="took">How long that took.</param>
    void Preloaded(long total, string what, TimeSpan took);

    /// <summary>What the load left behind is being looked at.</summary>
    /// <param name="count">So many have been.</param>
    /// <param name="total">Of so many.</param>
    /// <param name="what"><c>counters</c>.</param>
    void Checking(long count, long total, string what);

    /// <summary>Something that is worth a line.</summary>
    void Note(string text);

    /// <summary>The load runs.</summary>
    /// <param name="elapsed">Since the measurement began; negative in the warm-up.</param>
    /// <param name="answered">Requests so far, those of the warm-up, too.</param>
    void Running(TimeSpan elapsed, long answered);

    /// <summary>A second of the measurement is over.</summary>
    void Second(SecondSample second);
}
