using System;

namespace Memcachier.Configuration;

/// <summary>memcached 1.6.45's own options: their letters, their long names, and what becomes of them here.</summary>
internal static class MemcachedOptions
{
    // A letter, how it takes a value (: must have one, ? may have one behind an equals sign, - has none), and its long
    // name; NAME without a long name is none.
    private static ReadOnlySpan<byte> All =>
        "a:unix-mask,A-enable-shutdown,Z-enable-ssl,p:port,s:unix-socket,U:udp-port,m:memory-limit,"u8 +
        "M-disable-evictions,c:conn-limit,k-lock-memory,h-help,i-license,V-version,r-enable-coredumps,v?verbose,"u8 +
        "d-daemon,l:listen,u:user,P:pidfile,f:slab-growth-factor,n:slab-min-size,t:threads,L-enable-largepages,"u8 +
        "R:max-reqs-per-event,C-disable-cas,b:listen-backlog,B:protocol,I:max-item-size,S-enable-sasl,"u8 +
        "F-disable-flush-all,X-disable-dumping,W-disable-watch,Y:auth-file,e:memory-file,o:extended,N:napi-ids,D:"u8;

    // Threads, page locking, buffer sizes, users, sockets, daemons: there is no operating system.
    private static ReadOnlySpan<byte> WithoutMeaning => "tulsaPfnbdrkLiv"u8;

    private static ReadOnlySpan<byte> NotSupported => "eMZNV"u8;

    /// <summary>Why the option of this letter is not followed.</summary>
    public static RemarkKind RemarkOn(byte letter)
    {
        if (WithoutMeaning.IndexOf(letter) >= 0) return RemarkKind.HasNoMeaning;
        return NotSupported.IndexOf(letter) >= 0 ? RemarkKind.NotSupported : RemarkKind.Unknown;
    }

    /// <summary>Whether a value follows the letter.</summary>
    public static bool TakesValue(byte letter)
    {
        ReadOnlySpan<byte> rest = All;
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> option = SettingValue.TakeUntil(ref rest, (byte)',');
            if (option[0] == letter) return option[1] == ':';
        }
        return false;
    }

    /// <summary>The long name of a letter; empty for none.</summary>
    public static ReadOnlySpan<byte> LongName(byte letter)
    {
        ReadOnlySpan<byte> rest = All;
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> option = SettingValue.TakeUntil(ref rest, (byte)',');
            if (option[0] == letter) return option.Slice(2);
        }
        return default;
    }

    /// <summary>The letter of a long name with underscores or hyphens; 0 if there is none.</summary>
    public static byte LetterOf(ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> rest = All;
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> option = SettingValue.TakeUntil(ref rest, (byte)',');
            ReadOnlySpan<byte> known = option.Slice(2);
            if (known.Length > 0 && SettingList.IsSameName(name, known)) return option[0];
        }
        return 0;
    }

    /// <summary>
    /// Finds a long option as getopt_long does: by its whole name, or by a beginning that it shares with no other.
    /// </summary>
    /// <param name="value">How it takes a value: ':', '?' or '-'.</param>
    /// <param name="isAmbiguous">Whether it fails because there are several.</param>
    public static bool TryFindLong(ReadOnlySpan<byte> name, out byte letter, out byte value, out bool isAmbiguous)
    {
        letter = 0;
        value = 0;
        int count = 0;
        ReadOnlySpan<byte> rest = All;
        while (rest.Length > 0)
        {
            ReadOnlySpan<byte> option = SettingValue.TakeUntil(ref rest, (byte)',');
            ReadOnlySpan<byte> known = option.Slice(2);
            if (known.Length == 0 || !known.StartsWith(name)) continue;
            letter = option[0];
            value = option[1];
            count = known.Length == name.Length ? 1 : count + 1;
            if (known.Length == name.Length) break;
        }
        isAmbiguous = count > 1;
        return count == 1;
    }
}
