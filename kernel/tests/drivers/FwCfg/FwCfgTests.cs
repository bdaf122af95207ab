using System;
using System.Buffers.Binary;
using System.Text;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Drivers.FwCfg;
using Memcachier.Kernel.Drivers.Virtio;
using Memcachier.Kernel.Memory;
using Memcachier.Kernel.Sim;
using Memcachier.Kernel.Tests.Drivers.Models;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.FwCfg;

public sealed class FwCfgTests
{
    private const string Name = "opt/org.memcachier/config";
    private static readonly byte[] s_content = "memory=64\n"u8.ToArray();

    private static readonly Region s_memory = HostMemory.Allocate(FwCfg<FwCfgPorts, SharedMemory>.MemoryLength);

    private readonly byte[] _destination = new byte[64];

    /// <summary>Two devices of the same content: one that writes to memory, one that does not.</summary>
    private static FwCfgModel[] Both() => [new FwCfgModel(), new FwCfgModel { Memory = new DmaMemory(s_memory) }];

    [Theory]
    [InlineData(4095)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(16384)]
    public void A_long_file_behind_many_is_read_either_way(int size)
    {
        byte[] content = new byte[size];
        new Prng(7).Fill(content);
        foreach (FwCfgModel model in Both())
        {
            for (int i = 0; i < 100; i++) model.Add($"etc/{i}", [1]);
            model.Add(Name, content);
            byte[] destination = new byte[16384];
            FwCfgOutcome outcome = Device(model).TryRead(Encoding.ASCII.GetBytes(Name), destination, out int length);
            Assert.Equal((FwCfgOutcome.Done, size), (outcome, length));
            Assert.Equal(content, destination[..length]);
            // By memory, only the signature and the features go through the port.
            if (model.Memory is not null) Assert.Equal((8, 3 + ((size + 4095) / 4096)), (model.Reads, model.Transfers));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void A_device_that_does_not_do_it_has_failed(int transfer, bool isSilent)
    {
        var model = new FwCfgModel { Memory = new DmaMemory(s_memory), FailingTransfer = transfer, IsSilent = isSilent };
        model.Add(Name, s_content);
        Assert.Equal((FwCfgOutcome.Failed, 0), (Read(model, out int length), length));
    }

    [Fact]
    public void A_file_among_others_is_read()
    {
        var model = new FwCfgModel();
        model.Add("bootorder", [1]);
        model.Add("etc/acpi/tables", new byte[0x20000]);
        model.Add(Name, s_content);
        model.Add("opt/org.memcachier/config2", [2]);
        Assert.Equal(FwCfgOutcome.Done, Read(model, out int length));
        Assert.Equal(s_content, _destination[..length]);
    }

    [Theory]
    [InlineData(0, FwCfgOutcome.Done)]
    [InlineData(63, FwCfgOutcome.Done)]
    [InlineData(64, FwCfgOutcome.Done)]
    [InlineData(65, FwCfgOutcome.TooLarge)]
    public void Any_length_up_to_the_room_is_read_whole(int size, FwCfgOutcome expected)
    {
        byte[] content = new byte[size];
        for (int i = 0; i < size; i++) content[i] = (byte)(i + 1);
        var model = new FwCfgModel();
        model.Add(Name, content);
        Assert.Equal(expected, Read(model, out int length));
        Assert.Equal(expected == FwCfgOutcome.Done ? content : [], _destination[..length]);
    }

    [Theory]
    [InlineData("opt/org.memcachier/confi")]
    [InlineData("opt/org.memcachier/config2")]
    [InlineData("OPT/org.memcachier/config")]
    [InlineData("org.memcachier/config")]
    [InlineData("")]
    public void Another_name_is_another_file(string name)
    {
        var model = new FwCfgModel();
        model.Add(name, s_content);
        Assert.Equal(FwCfgOutcome.NoFile, Read(model, out int length));
        Assert.Equal(0, length);
    }

    [Fact]
    public void The_longest_name_is_found()
    {
        string name = "opt/" + new string('x', FwCfg<FwCfgPorts, SharedMemory>.NameLengthMax - 4);
        var model = new FwCfgModel();
        model.Add(name, s_content);
        Assert.Equal(FwCfgOutcome.Done, Device(model).TryRead(
            Encoding.ASCII.GetBytes(name), _destination, out _));
    }

    [Fact]
    public void A_name_without_an_end_is_none()
    {
        var model = new FwCfgModel();
        model.Add("opt/" + new string('x', 52), s_content);
        Assert.Equal(FwCfgOutcome.NoFile, Device(model).TryRead(
            Encoding.ASCII.GetBytes("opt/" + new string('x', 51)), _destination, out _));
    }

    [Fact]
    public void Without_the_device_it_is_noticed_after_four_bytes()
    {
        var model = new FwCfgModel { IsAbsent = true };
        Assert.Equal(FwCfgOutcome.NoDevice, Read(model, out _));
        Assert.Equal(4, model.Reads);
    }

    [Fact]
    public void Another_signature_is_another_device()
    {
        var model = new FwCfgModel { Signature = "QEMV"u8.ToArray() };
        model.Add(Name, s_content);
        Assert.Equal(FwCfgOutcome.NoDevice, Read(model, out _));
    }

    [Theory]
    [InlineData(513u, FwCfgOutcome.Malformed)]
    [InlineData(uint.MaxValue, FwCfgOutcome.Malformed)]
    [InlineData(512u, FwCfgOutcome.NoFile)]              // the entries behind the directory's end read as zeros
    [InlineData(0u, FwCfgOutcome.NoFile)]
    public void A_count_of_files_is_believed_within_bounds(uint count, FwCfgOutcome expected)
    {
        var model = new FwCfgModel();
        byte[] directory = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(directory, count);
        model.DirectoryItem = directory;
        Assert.Equal(expected, Read(model, out _));
        Assert.InRange(model.Reads, 12, 12 + (64 * 512));
    }

    [Theory]
    [InlineData(0x0000)]
    [InlineData(0x0019)]
    [InlineData(0x001F)]
    [InlineData(0x4020)]
    [InlineData(0x8020)]
    [InlineData(0xFFFF)]
    public void An_item_that_no_file_has_is_refused(ushort item)
    {
        var model = new FwCfgModel();
        model.Add(Name, s_content, item: item);
        Assert.Equal(FwCfgOutcome.Malformed, Read(model, out _));
    }

    [Fact]
    public void A_size_is_believed_within_bounds()
    {
        var large = new FwCfgModel();
        large.Add(Name, s_content, size: uint.MaxValue);
        Assert.Equal(FwCfgOutcome.TooLarge, Read(large, out _));
        // Behind the end of an item the device answers zeros.
        var longer = new FwCfgModel();
        longer.Add(Name, s_content, size: 20);
        Assert.Equal(FwCfgOutcome.Done, Read(longer, out int length));
        Assert.Equal([.. s_content, .. new byte[10]], _destination[..length]);
    }

    [Fact]
    public void Any_directory_is_read_without_a_fault()
    {
        var random = new Prng(21);
        for (int round = 0; round < 5_000; round++)
        {
            var model = new FwCfgModel();
            model.Add("bootorder", [1]);
            model.Add(Name, s_content);
            byte[] directory = model.DirectoryItem;
            for (uint i = random.Below(4); i > 0; i--)
                directory[random.Below((uint)directory.Length)] = (byte)random.Next();
            // An item that the directory invents may be one that the model has never heard of.
            BinaryPrimitives.WriteUInt16BigEndian(
                directory.AsSpan(4 + 64 + 4), (ushort)(random.Chance(1, 2) ? 0x21 : random.Below(0x20)));
            FwCfgOutcome outcome = Read(model, out int length);
            Assert.True(outcome == FwCfgOutcome.Done || length == 0, $"round {round}");
            Assert.InRange(length, 0, _destination.Length);
        }
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        var model = new FwCfgModel();
        model.Add(Name, s_content);
        Assert.Equal(0, Allocation.Of(() =>
        {
            for (int i = 0; i < 100; i++) _ = Read(model, out _);
        }));
    }

    private static FwCfg<FwCfgPorts, SharedMemory> Device(FwCfgModel model) =>
        new(new FwCfgPorts(model), default, s_memory);

    private FwCfgOutcome Read(FwCfgModel model, out int length) =>
        Device(model).TryRead(
            "opt/org.memcachier/config"u8, _destination, out length);
}
