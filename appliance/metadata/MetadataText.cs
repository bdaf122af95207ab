using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;

namespace Memcachier.Metadata;

/// <summary>What the console says of asking a metadata service.</summary>
public static class MetadataText
{
    /// <summary>Bytes of the longest line.</summary>
    public const int LengthMax = 192;

    /// <summary>Writes what came of it; an error is called one.</summary>
    /// <param name="client">It is over.</param>
    /// <param name="micros">How long it took.</param>
    public static void Append(MetadataClient client, long micros, ref LineBuilder line)
    {
        bool isGood = client.Outcome is MetadataOutcome.Found or MetadataOutcome.NoUserData;
        if (!isGood) line.Append("error: "u8);
        line.Append("configuration: "u8);
        line.Append(NameOf(client.Service));
        line.Append(" metadata service: "u8);
        if (IsAboutPath(client.Outcome))
        {
            line.Append(client.Path);
            line.Append(" "u8);
        }
        line.Append(Meaning(client.Outcome));
        if (client.Outcome == MetadataOutcome.BadStatus) line.AppendDecimal((ulong)client.Status);
        if (client.Outcome is MetadataOutcome.Found or MetadataOutcome.TooLong)
        {
            line.AppendDecimal((ulong)(isGood ? client.UserData.Length : MetadataClient.UserDataLengthMax));
            line.Append(" bytes"u8);
        }
        line.Append(isGood ? ", after "u8 : "; given up after "u8);
        line.AppendDecimal((ulong)micros / 1000);
        line.Append(" ms"u8);
    }

    private static ReadOnlySpan<byte> NameOf(MetadataChoice service) => service switch
    {
        MetadataChoice.Ec2 => "EC2"u8,
        MetadataChoice.OpenStack => "OpenStack"u8,
        _ => "Google"u8,
    };

    /// <summary>Whether the meaning is about what was asked for last.</summary>
    private static bool IsAboutPath(MetadataOutcome outcome) => outcome >= MetadataOutcome.Unanswered;

    private static ReadOnlySpan<byte> Meaning(MetadataOutcome outcome) => outcome switch
    {
        MetadataOutcome.Found => "user data of "u8,
        MetadataOutcome.NoUserData => "there is no user data"u8,
        MetadataOutcome.NoAddress => "no DHCP server gave us an address"u8,
        MetadataOutcome.Refused => "cannot be asked for, the connection is refused"u8,
        MetadataOutcome.CutShort => "was answered in part only"u8,
        MetadataOutcome.BadStatus => "was answered with status "u8,
        MetadataOutcome.Malformed => "was answered with what cannot be used"u8,
        MetadataOutcome.TooLong => "was answered with more than "u8,
        MetadataOutcome.NotGoogle => "was answered by somebody else"u8,
        _ => "was not answered"u8,
    };
}
