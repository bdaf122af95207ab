using System;

namespace Memcachier.Protocol.Text;

/// <summary>
/// The line of an administrative command taken apart. Only the fields that the action has are meaningful.
/// </summary>
public ref struct AdminRequest
{
    public AdminAction Action { get; internal set; }

    /// <summary>Why the line is malformed.</summary>
    public RequestError Error { get; internal set; }

    /// <summary>The first whole number; a class, a count, a percentage, microseconds, megabytes or seconds.</summary>
    public long Number { get; internal set; }

    /// <summary>The second one.</summary>
    public long SecondNumber { get; internal set; }

    /// <summary>The first number that may have a point, in thousandths.</summary>
    public long Thousandths { get; internal set; }

    /// <summary>The second one.</summary>
    public long SecondThousandths { get; internal set; }

    /// <summary>The word that says which size classes are meant.</summary>
    public ReadOnlySpan<byte> Classes { get; internal set; }
}
