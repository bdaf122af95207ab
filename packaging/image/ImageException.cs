using System;

namespace Memcachier.Packaging.Image;

/// <summary>What goes into an image cannot be used; the message is the one sentence to print.</summary>
public sealed class ImageException : Exception
{
    public ImageException(string message) : base(message)
    {
    }

    public ImageException(string message, Exception inner) : base(message, inner)
    {
    }
}
