namespace Memcachier.Kernel.Net.Wire;

/// <summary>ar$op of RFC 826.</summary>
public enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
}
