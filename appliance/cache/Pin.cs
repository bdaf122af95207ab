namespace Memcachier.Cache;

/// <summary>
/// The right to read a value of another reactor's store beyond the next quiescent point: its bytes stay as they are. If
/// the owner asks for it back, the holder copies out what it still needs and gives it back before its next quiescent
/// point.
/// </summary>
/// <remarks><c>default</c> holds nothing.</remarks>
public struct Pin
{
    internal uint Location;

    internal Pin(uint location, int length, ulong cas)
    {
        Location = location;
        Length = length;
        Cas = cas;
    }

    /// <summary>Bytes in the value.</summary>
    public int Length { get; }

    /// <summary>The cas unique that belongs to these bytes.</summary>
    public ulong Cas { get; }

    public readonly bool IsHeld => Location != SegmentLog.NoLocation;
}
