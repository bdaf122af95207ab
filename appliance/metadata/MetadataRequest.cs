using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;

namespace Memcachier.Metadata;

/// <summary>What the services are asked: each has its own words for "give me the user data".</summary>
internal static class MetadataRequest
{
    /// <summary>Bytes of the longest request, its token not counted.</summary>
    public const int LengthMax = 256;

    /// <summary>What is asked for, as the console names it.</summary>
    public static ReadOnlySpan<byte> Path(MetadataChoice service, bool isToken) => service switch
    {
        MetadataChoice.Ec2 => isToken ? "/latest/api/token"u8 : "/latest/user-data"u8,
        MetadataChoice.OpenStack => "/openstack/latest/user_data"u8,
        _ => "/computeMetadata/v1/instance/attributes/user-data"u8,
    };

    /// <summary>Writes a request.</summary>
    /// <param name="service">Whom it is for.</param>
    /// <param name="isToken">Whether it asks for the token that EC2 wants with every other request.</param>
    /// <param name="token">That token, once it is there.</param>
    /// <param name="line">Room for all of it.</param>
    public static void Append(MetadataChoice service, bool isToken, scoped ReadOnlySpan<byte> token, ref LineBuilder line)
    {
        line.Append(isToken ? "PUT "u8 : "GET "u8);
        line.Append(Path(service, isToken));
        line.Append(" HTTP/1.1\r\nHost: "u8);
        line.Append(service == MetadataChoice.Gce ? "metadata.google.internal"u8 : "169.254.169.254"u8);
        line.Append("\r\nConnection: close\r\nUser-Agent: memcachier\r\n"u8);
        if (service == MetadataChoice.Gce) line.Append("Metadata-Flavor: Google\r\n"u8);
        if (isToken)
        {
            // Long enough for the one request that follows, retries included.
            line.Append("X-aws-ec2-metadata-token-ttl-seconds: 60\r\nContent-Length: 0\r\n"u8);
        }
        else if (token.Length > 0)
        {
            line.Append("X-aws-ec2-metadata-token: "u8);
            line.Append(token);
            line.Append("\r\n"u8);
        }
        line.Append("\r\n"u8);
    }
}
