namespace Memcachier.Kernel.Net.Wire;

/// <summary>The ICMP message types of RFC 792 that this stack sends or understands.</summary>
public enum IcmpV4Type : byte
{
    EchoReply = 0,
    DestinationUnreachable = 3,
    SourceQuench = 4,
    Redirect = 5,
    EchoRequest = 8,
    TimeExceeded = 11,
    ParameterProblem = 12,
}
