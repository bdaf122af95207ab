using System;
using System.Collections.Generic;

namespace Memcachier.Cli.Machines;

/// <summary>Where the guest listens, by its own options: memcached's <c>-p</c> and <c>-U</c>, the last of each.</summary>
/// <param name="Tcp">The port of memcached's protocols: that of UDP if only UDP's was said, as in memcached.</param>
/// <param name="Udp">The same over UDP; 0 for none.</param>
public sealed record GuestPorts(int Tcp, int Udp)
{
    public const int Default = 11211;

    /// <summary>Reads the options as the guest does. What it would refuse leaves the default, here as there.</summary>
    public static GuestPorts Of(IReadOnlyList<string> guestOptions)
    {
        int tcp = Last('p', minimum: 1, guestOptions);
        int udp = Last('U', minimum: 0, guestOptions);
        return new GuestPorts(tcp > 0 ? tcp : udp > 0 ? udp : Default, Math.Max(udp, 0));
    }

    /// <summary>-1 if there is none. The value may follow its letter at once, or be the next word.</summary>
    private static int Last(char letter, int minimum, IReadOnlyList<string> options)
    {
        int last = -1;
        for (int i = 0; i < options.Count; i++)
        {
            if (!options[i].StartsWith($"-{letter}", StringComparison.Ordinal)) continue;
            string value = options[i].Length > 2 ? options[i][2..] : i + 1 < options.Count ? options[i + 1] : "";
            if (ushort.TryParse(value, out ushort port) && port >= minimum) last = port;
        }
        return last;
    }
}
