using System;

namespace Memcachier.Cli;

/// <summary>What the user asked for cannot be done; the message is the one sentence to print.</summary>
public sealed class UserErrorException : Exception
{
    public UserErrorException(string message) : base(message)
    {
    }

    public UserErrorException(string message, Exception inner) : base(message, inner)
    {
    }
}
