using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Loader.Bios;
using Xunit;

namespace Memcachier.Kernel.Tests.Loader.Bios;

/// <summary>The whole way from the disk to the kernel's memory, over a model of the firmware, with every way to go wrong.</summary>
public sealed class BiosLoaderTests
{
    private readonly SampleKernel _kernel = new();
    private string? _configuration = "# comment\n-m 64\n\tip=dhcp # more\n";
    private BiosModel? _bios;

    private BiosModel Bios => _bios ?? throw new InvalidOperationException();

    [Fact]
    public void The_kernel_is_in_its_place_and_is_told_everything()
    {
        new Prng(1).Fill(_kernel.Bytes.AsSpan(SampleKernel.CodeOffset));
        Assert.Equal(LoadFault.None, Load(out uint entry));
        Assert.Equal(SampleKernel.Entry, entry);
        Assert.True(Bios.Memory.Slice(0x10_0000, 0x1000).SequenceEqual(_kernel.Bytes.AsSpan(0x1000, 0x1000)));
        Assert.True(Bios.Memory.Slice(0x20_0000, 0x800).SequenceEqual(_kernel.Bytes.AsSpan(0x2000, 0x800)));
        Assert.Equal(-1, Bios.Memory.Slice(0x20_0800, 0x8800).IndexOfAnyExcept((byte)0));
        Assert.Equal(0xA5, Bios.Memory.Slice(0x20_9000, 1)[0]);
        Assert.Equal(0xA5, Bios.Memory.Slice(0x10_1000, 1)[0]);
        Assert.Equal("-m 64 ip=dhcp", StartInfo.CommandLine(Bios.Memory));
        Assert.Equal(Bios.Map.Count, StartInfo.Ranges(Bios.Memory).Count);
        Assert.Equal(0u, StartInfo.Rsdp(Bios.Memory));
    }

    [Fact]
    public void Without_configuration_the_command_line_is_empty()
    {
        _configuration = null;
        Assert.Equal(LoadFault.None, Load(out _));
        Assert.Equal("", StartInfo.CommandLine(Bios.Memory));
    }

    /// <summary>The longest file, which is the disk's largest, and few calls: each may cost milliseconds.</summary>
    [Fact]
    public void A_large_kernel_is_read_in_few_calls()
    {
        byte[] file = new byte[800_000];
        _kernel.Bytes.CopyTo(file, 0);
        Assert.Equal(LoadFault.None, Load(new GptDisk(("memcachier.elf", file)), _ => { }, out _));
        Assert.InRange(Bios.Reads.Count, 13, 13 + 6);
        Assert.True(Bios.Memory.Slice(BiosMemory.File, file.Length).SequenceEqual(file));
    }

    public static TheoryData<LoadFault, string> Machines
    {
        get
        {
            var rows = new TheoryData<LoadFault, string>();
            foreach ((string name, (LoadFault fault, _)) in s_machines) rows.Add(fault, name);
            return rows;
        }
    }

    private static readonly Dictionary<string, (LoadFault, Action<BiosModel>)> s_machines = new()
    {
        ["no memory map"] = (LoadFault.NoMemoryMap, bios => bios.HasMap = false),
        ["no memory"] = (LoadFault.LittleMemory, bios => bios.Map.RemoveAll(range => range.Type == 1)),
        ["8 MiB"] = (LoadFault.LittleMemory, bios => bios.Map[3] = (1 << 20, 7 << 20, 1, 1)),
        ["a hole below 16 MiB"] = (LoadFault.LittleMemory, bios => bios.Map.Add((11 << 20, 1 << 20, 2, 1))),
        ["firmware at 2 MiB"] = (LoadFault.KernelMemory, bios => bios.Map.Add((2 << 20, 4096, 4, 1))),
        ["all of it persistent"] = (LoadFault.LittleMemory, bios => bios.Map.Add((0, ulong.MaxValue, 7, 1))),
        ["no drive parameters"] = (LoadFault.NoDrive, bios => bios.HasParameters = false),
        ["sectors of 4096 bytes"] = (LoadFault.NoDrive, bios => bios.SectorSize = 4096),
        ["an empty disk"] = (LoadFault.NoPartition, bios => bios.SectorCount = 0),
        ["a disk of one sector"] = (LoadFault.NoPartition, bios => bios.SectorCount = 1),
        ["a disk that was cut"] = (LoadFault.NoPartition, bios => bios.SectorCount = 3000),
        ["no partition table"] = (LoadFault.NoPartition, bios => bios.Disk.AsSpan(512, 512).Clear()),
        ["no system partition"] = (LoadFault.NoPartition, bios => bios.Disk.AsSpan(1024, 16384).Clear()),
        ["no boot sector"] = (LoadFault.NoFileSystem, bios => bios.Disk.AsSpan(2048 * 512, 512).Clear()),
        ["a bad boot sector"] = (LoadFault.NoFileSystem, bios => bios.BadSectors.Add(2048)),
        ["a partition table that cannot be read"] = (LoadFault.NoPartition, bios => bios.BadSectors.Add(2)),
        ["no drive any more"] = (LoadFault.NoPartition, bios => bios.FailuresPerRead = int.MaxValue),
    };

    [Theory]
    [MemberData(nameof(Machines))]
    public void What_is_wrong_with_the_machine_is_said(LoadFault fault, string name)
    {
        Assert.Equal(fault, Load(Disk(), s_machines[name].Item2, out uint entry));
        Assert.Equal(0u, entry);
    }

    [Fact]
    public void There_is_no_kernel() =>
        Assert.Equal(LoadFault.NoKernel, Load(new GptDisk(("other.elf", _kernel.Bytes)), _ => { }, out _));

    [Theory]
    [InlineData(0, LoadFault.NotElf)]
    [InlineData(16, LoadFault.NotElf)]
    [InlineData(63, LoadFault.NotElf)]
    [InlineData(100, LoadFault.KernelTruncated)]
    [InlineData(0x1800, LoadFault.KernelTruncated)]
    [InlineData(0x27FF, LoadFault.KernelTruncated)]
    public void A_kernel_that_was_cut_is_not_started(int length, LoadFault fault)
    {
        var disk = new GptDisk(("memcachier.elf", _kernel.Bytes[..length]));
        Assert.Equal(fault, Load(disk, _ => { }, out _));
    }

    [Fact]
    public void A_kernel_in_the_loader_s_memory_is_not_started()
    {
        foreach (ulong address in (ulong[])[0x8000, 0xF_F000, 7 << 20, 8 << 20, 16 << 20, 1UL << 32])
        {
            _kernel.PutHeader(2, type: 1, 0x2000, address, 0x800, 0x9000);
            Assert.Equal(LoadFault.KernelSegments, Load(out _));
        }
        _kernel.PutHeader(2, type: 1, 0x2000, (7 << 20) - 0x9000, 0x800, 0x9000);
        Assert.Equal(LoadFault.None, Load(out _));
    }

    [Fact]
    public void A_kernel_without_an_entry_is_not_started()
    {
        _kernel.Put32(SampleKernel.NoteOffset + 8, 17);
        Assert.Equal(LoadFault.KernelEntry, Load(out _));
    }

    [Fact]
    public void A_kernel_larger_than_there_is_room_is_not_read()
    {
        GptDisk disk = Disk();
        // The size is the last field of the last entry.
        BitConverter.GetBytes(BiosMemory.FileLengthMax + 1)
            .CopyTo(disk.Octets, (GptDisk.SystemSector * 512) + disk.Volume.RootOffset + (32 * disk.Volume.EntryCount) - 4);
        Assert.Equal(LoadFault.KernelTooLong, Load(disk, _ => { }, out _));
    }

    [Fact]
    public void A_kernel_on_a_bad_sector_is_not_started()
    {
        GptDisk disk = Disk();
        ulong bad = (ulong)disk.Octets.AsSpan().IndexOf(_kernel.Bytes.AsSpan(0, 512)) / 512;
        Assert.Equal(LoadFault.KernelUnreadable, Load(disk, bios => bios.BadSectors.Add(bad), out _));
    }

    [Theory]
    [InlineData(4095, LoadFault.None)]
    [InlineData(4096, LoadFault.CommandLineTooLong)]
    [InlineData(65536, LoadFault.CommandLineTooLong)]
    [InlineData(65537, LoadFault.ConfigurationTooLong)]
    public void A_configuration_that_is_too_long_is_refused(int length, LoadFault fault)
    {
        _configuration = new string('x', length);
        Assert.Equal(fault, Load(out _));
        if (fault == LoadFault.None) Assert.Equal(_configuration, StartInfo.CommandLine(Bios.Memory));
    }

    [Fact]
    public void A_long_comment_is_none_of_the_command_line()
    {
        _configuration = "-v\n#" + new string('x', 60_000);
        Assert.Equal(LoadFault.None, Load(out _));
        Assert.Equal("-v", StartInfo.CommandLine(Bios.Memory));
    }

    /// <summary>Bytes of the disk are changed at random, where its structures are: it starts, or it says why not.</summary>
    [Fact]
    public void Any_disk_is_survived()
    {
        var random = new Prng(7);
        var seen = new HashSet<LoadFault>();
        for (int round = 0; round < 120; round++)
        {
            GptDisk disk = Disk();
            int volume = GptDisk.SystemSector * 512;
            int[] starts = [512, 1024, volume, volume + disk.Volume.TableOffset, volume + disk.Volume.RootOffset];
            int[] lengths = [100, 256, 64, 64, 32 * disk.Volume.EntryCount];
            for (int i = 0; i < 3; i++)
            {
                int place = (int)(random.Next() % (uint)starts.Length);
                disk.Octets[starts[place] + (int)(random.Next() % (uint)lengths[place])] = (byte)random.Next();
            }
            _ = seen.Add(Load(disk, _ => { }, out _));
        }
        Assert.True(seen.Count >= 5, string.Join(", ", seen));
    }

    [Fact]
    public void Every_fault_has_a_text_that_fits_on_a_line_of_the_console()
    {
        LoadFault[] faults = [.. Enum.GetValues<LoadFault>().Where(fault => fault != LoadFault.None)];
        string[] texts = [.. faults.Select(fault => Encoding.ASCII.GetString(LoadFaultText.Of(fault)))];
        Assert.Equal(faults.Length, texts.Distinct().Count());
        Assert.DoesNotContain("unknown error", texts);
        Assert.All(texts, text => Assert.InRange(text.Length, 20, 120));
    }

    private GptDisk Disk() => _configuration is null
        ? new GptDisk(("memcachier.elf", _kernel.Bytes))
        : new GptDisk(("memcachier.conf", Encoding.ASCII.GetBytes(_configuration)), ("memcachier.elf", _kernel.Bytes));

    private LoadFault Load(out uint entry) => Load(Disk(), _ => { }, out entry);

    private LoadFault Load(GptDisk disk, Action<BiosModel> spoil, out uint entry)
    {
        _bios = new BiosModel(disk.Octets);
        spoil(_bios);
        return new BiosLoader<ModelBios>(new ModelBios(_bios)).TryLoad(BiosModel.Drive, out entry);
    }
}
