using System;

namespace Memcachier.Kernel.Tests.Net.Wire;

/// <summary>
/// Frames as they were on a wire: between two Linux hosts, 10.0.0.1 (02:00:00:00:00:0a) and 10.0.0.2
/// (02:00:00:00:00:0b), and from the DHCP server of QEMU's user networking.
/// </summary>
internal static class Captured
{
    public static byte[] ArpRequest => Convert.FromHexString(
        "ffffffffffff02000000000a0806" +
        "000108000604000102000000000a0a0000010000000000000a000002");

    public static byte[] ArpReply => Convert.FromHexString(
        "02000000000a02000000000b0806" +
        "000108000604000202000000000b0a00000202000000000a0a000001");

    public static byte[] EchoRequest => Convert.FromHexString(
        "02000000000b02000000000a0800" +
        "4500003c102440004001169b0a0000010a000002" +
        "08003b27123400016162636465666768696a6b6c6d6e6f7071727374757677616263646566676869");

    public static byte[] EchoReply => Convert.FromHexString(
        "02000000000a02000000000b0800" +
        "4500003c365b0000400130640a0000020a000001" +
        "00004327123400016162636465666768696a6b6c6d6e6f7071727374757677616263646566676869");

    /// <summary>About a datagram from 10.0.0.1 port 5000 to port 9, whose checksum was left to the sender's device.</summary>
    public static byte[] PortUnreachable => Convert.FromHexString(
        "02000000000a02000000000b0800" +
        "45c0003d365a000040012fa40a0000020a000001" +
        "0303916b00000000" +
        "45000021e6504000401140790a0000010a000002" + "13880009000d1421" + "68656c6c6f");

    public static byte[] DhcpOffer => WithZeros(
        "ffffffffffff52550a0002020800" +
        "451002400000000040116c9c0a000202ffffffff" +
        "00430044022c80ad" +
        "020106003903f32600000000000000000a00020f0a000202000000005254001234560000",
        200,
        "63825363" + "35010236040a0002020104ffffff0003040a00020206040a0002033304000151800c0a6d656d63616368696572" +
        "0f0b6578616d706c652e6f7267ff",
        590);

    private static byte[] WithZeros(string start, int zeros, string rest, int length)
    {
        byte[] frame = new byte[length];
        byte[] first = Convert.FromHexString(start), second = Convert.FromHexString(rest);
        first.CopyTo(frame, 0);
        second.CopyTo(frame, first.Length + zeros);
        return frame;
    }
}
