using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.FwCfg;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Storage;

namespace Memcachier.Appliance;

/// <summary>What is said of where configuration was found.</summary>
internal sealed partial class BootConsole
{
    public void WriteFwCfg(FwCfgOutcome outcome, ReadOnlySpan<byte> file, int length)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        if (outcome != FwCfgOutcome.Done) line.Append("error: "u8);
        line.Append("configuration: fw_cfg, "u8);
        line.Append(file);
        if (outcome == FwCfgOutcome.Done) AppendLength(ref line, length);
        else if (outcome == FwCfgOutcome.TooLarge) AppendTooLarge(ref line);
        else if (outcome == FwCfgOutcome.Malformed) line.Append(": the device's directory makes no sense; not read"u8);
        else line.Append(": the device failed; not read"u8);
        Write(ref line);
    }

    /// <summary>Of a NoCloud disk that is there.</summary>
    public void WriteSeed(FileOutcome outcome, ReadOnlySpan<byte> place, ReadOnlySpan<byte> fileSystem, int length)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        if (outcome is FileOutcome.TooLarge or FileOutcome.Unreadable) line.Append("error: "u8);
        line.Append("configuration: NoCloud disk at "u8);
        line.Append(place);
        line.Append(", "u8);
        line.Append(fileSystem);
        line.Append(", user-data"u8);
        if (outcome == FileOutcome.Done) AppendLength(ref line, length);
        else if (outcome == FileOutcome.TooLarge) AppendTooLarge(ref line);
        else line.Append(outcome == FileOutcome.NoFile ? ": there is none"u8 : ": cannot be read"u8);
        Write(ref line);
    }

    /// <summary>That none of the disks there are is a NoCloud disk.</summary>
    public void WriteNoSeed(int diskCount)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("configuration: "u8);
        line.AppendDecimal((ulong)diskCount);
        line.Append(diskCount == 1 ? " disk, not labelled CIDATA"u8 : " disks, none labelled CIDATA"u8);
        Write(ref line);
    }

    public void WriteBadDisk(VirtioOutcome outcome, ReadOnlySpan<byte> place)
    {
        var line = new LineBuilder(stackalloc byte[LineMax]);
        line.Append("error: disk at "u8);
        line.Append(place);
        line.Append(": "u8);
        line.Append(Reason(outcome));
        Write(ref line);
    }

    private static void AppendLength(ref LineBuilder line, int length)
    {
        line.Append(": "u8);
        line.AppendDecimal((ulong)length);
        line.Append(" bytes"u8);
    }

    private static void AppendTooLarge(ref LineBuilder line)
    {
        line.Append(": larger than "u8);
        line.AppendDecimal(UserData.LengthMax);
        line.Append(" bytes; not read"u8);
    }
}
