using System.Runtime.CompilerServices;
using Memcachier.Kernel.Net.Wire;

namespace Memcachier.Kernel.Net;

/// <summary>
/// The destinations that packets went to of late (RFC 1122 §3.3.1.2, "route cache"; RFC 4861 §5.1): what an appliance says,
/// it says to the same few hosts. Each address has one place, which it shares with others; the latest one has it.
/// </summary>
internal sealed class DestinationCache
{
    private const int Count = 32;

    private readonly Destination[] _entries = new Destination[Count];

    /// <summary>The place for an address, whoever has it at the moment. The hosts of a network differ in the last bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref Destination PlaceOf(IpAddress address) => ref _entries[address.V4Bits % Count];
}
