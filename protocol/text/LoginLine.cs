using System;

namespace Memcachier.Protocol.Text;

/// <summary>
/// The line before a name and a password: a set, of which only the length of the data matters.
/// </summary>
public static class LoginLine
{
    /// <summary>memcached closes the connection on a shorter one, its CR counted and its LF not.</summary>
    public const int LengthMin = 6;

    /// <summary>memcached's limit of the data, which is far from what a name and a password take.</summary>
    public const int DataLengthMax = 16384;

    private const int LengthIndex = 4;

    /// <summary>Fails for what is not "set ANY FLAGS EXPTIME BYTES", where only BYTES has to be a number.</summary>
    /// <param name="line">Without its LF.</param>
    /// <param name="dataLength">Bytes of the data, without its CR LF.</param>
    public static bool TryParse(ReadOnlySpan<byte> line, out uint dataLength)
    {
        dataLength = 0;
        if (!line.StartsWith("set"u8)) return false;
        if (line[line.Length - 1] == '\r') line = line.Slice(0, line.Length - 1);
        var tokens = new Tokens(line);
        ReadOnlySpan<byte> token = default;
        for (int index = 0; index <= LengthIndex; index++)
        {
            if (!tokens.TryNext(out token)) return false;
        }
        return Number.TryParse32(token, out dataLength);
    }
}
