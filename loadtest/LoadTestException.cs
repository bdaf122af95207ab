using System;

namespace Memcachier.LoadTest;

/// <summary>A load test cannot be run, or cannot go on; the message is the one sentence to print.</summary>
public sealed class LoadTestException : Exception
{
    public LoadTestException(string message) : base(message)
    {
    }

    public LoadTestException(string message, Exception inner) : base(message, inner)
    {
    }
}
