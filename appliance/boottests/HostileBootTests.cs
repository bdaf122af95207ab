using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Memcachier.Cli.Machines;
using Xunit;
using Xunit.Abstractions;

namespace Memcachier.BootTests;

/// <summary>
/// Whatever a loader says, the image serves, or says on the console what is wrong and ends the machine. It never hangs, and
/// no fault of the processor is how it finds out.
/// </summary>
public sealed class HostileBootTests
{
    private const string NoneAbove = "error: memory: the loader's map has none that is usable above the image";
    private const string NotRightAbove = "error: memory: the loader's map has none that is usable right above the image";
    private const string NoMap = "error: memory: the loader's map is missing, or too long to be one";
    private const string Less = "error: memory: there is less than the memory map says";
    private const string NoInfo = "error: no start info: the loader has to speak PVH";
    private const ulong End = 0x800_0000;

    /// <summary>What differs from what an honest loader says, and the console's last words; null if the image serves.</summary>
    private static readonly (string Name, Action<HostileLoader> Make, string? LastWords)[] Cases =
    [
        ("an honest loader", _ => { }, null),
        ("unsorted, overlapping, empty", Map(
            (0x200_0000, 0x5E0_0000, 1), (0, 0, 1), (0x600_0000, 0x1000, 2), (0x10_0000, 0x300_0000, 1), (0, 0x9_FC00, 1),
            (0, 0, 0), (0x180_0000, 0x300_0000, 1), (0x700_0000, 0, 2)), null),
        ("around the end of the address space", Map(
            (ulong.MaxValue, ulong.MaxValue, 1), (ulong.MaxValue - 0xFFF, 0x1000, 1), (0x10_0000, ulong.MaxValue, 1),
            (0x10_0000, 0x7E0_0000, 1)), null),
        ("a thousand reserved pages", loader => loader.Map.AddRange(
            Enumerable.Range(0, 1000).Select(i => (0x1_0000_0000 + ((ulong)i * 0x2000), 0x1000UL, 2u))), null),
        ("a hundred holes", loader => loader.Map.AddRange(
            Enumerable.Range(0, 100).Select(i => (0x600_0000 + ((ulong)i * 0x2000), 0x1000UL, 2u))), null),
        ("more than the processor addresses", loader => loader.Map.Add((1UL << 52, 1UL << 40, 1)), null),
        ("no entry", Map(), NoneAbove),
        ("nothing is usable", Map((0, End, 2), (1UL << 32, End, 9)), NoneAbove),
        ("all is reserved, too", loader => loader.Map.Add((0, ulong.MaxValue, 2)), NoneAbove),
        ("only below the image", Map((0, 0x20_0000, 1)), NoneAbove),
        ("only far above the image", Map((0x400_0000, 0x300_0000, 1)), NotRightAbove),
        ("only above 4 GiB", Map((1UL << 32, 1UL << 30, 1)), NotRightAbove),
        ("a few pages above the image", Map((0x10_0000, 0x36_0000, 1)), "error: "),
        ("8 MiB", Map((0x10_0000, 0x70_0000, 1)), "error: too little memory for a cache: give the machine 32 MiB or more"),
        ("more than there is", Map((0x10_0000, 0x4000_0000, 1)), Less),
        ("where devices are", Map((0x10_0000, 0xFFF0_0000, 1)), Less),
        ("everywhere", Map((0, ulong.MaxValue, 1)), Less),
        ("above 4 GiB what there is not", loader => loader.Map.Add((1UL << 32, 1UL << 30, 1)),
            "error: memory: there is less than the memory map says"),
        ("a million entries", loader => loader.MapCount = 1_000_000, NoMap),
        ("4 billion entries", loader => loader.MapCount = uint.MaxValue, NoMap),
        ("no map", loader => loader.MapAddress = 0, NoMap),
        ("a map where nothing is", loader => loader.MapAddress = 1UL << 40, NoMap),
        ("a map where a device is", loader => loader.MapAddress = 0xFEE0_0000, NoneAbove),
        ("another magic", loader => loader.Magic ^= 1, NoInfo),
        ("an old version", loader => loader.Version = 0, NoInfo),
        ("no start info", loader => loader.StartInfo = 0, NoInfo),
        ("a start info where nothing is", loader => loader.StartInfo = 0xE000_0000, NoInfo),
        ("a start info at the end", loader => loader.StartInfo = uint.MaxValue, NoInfo),
    ];

    /// <summary>What an RSDP leads to, and what the console says; null if it says no error and the image serves.</summary>
    private static readonly (string Name, Func<ulong, byte[]> Tables, string? LastWords)[] AcpiCases =
    [
        ("nothing but a pointer", _ => [.. "RSD PTR "u8, .. new byte[40]], null),
        ("no table", address => AcpiData.Make(address, []), null),
        ("a list of itself", address => AcpiData.Make(address, [], [.. Enumerable.Repeat(address + 48, 16_000)]), null),
        ("entries that lead nowhere", address => AcpiData.Make(address, [], 0, 1, 0xFEE0_0000, 0xFFFF_FFFF, ulong.MaxValue), null),
        ("a timer and a button where nothing is", address => AcpiData.Make(address, [Fixed(0x5678, 0x5670)]), null),
        ("a timer beyond all ports", address => AcpiData.Make(address, [Fixed(0x12345, 0x12345)]), null),
        ("a switch in memory", address => AcpiData.Make(address, [Reduced(0x10_0000, address)]), null),
        ("a switch without byte code", address => AcpiData.Make(address, [Reduced(0xFEA0_0000, 0xFFFF_FFFF)]), null),
        ("an interrupt controller in memory", address => AcpiData.Make(address, [Controllers(0x10_0000)]), null),
        ("an interrupt controller where another is", address => AcpiData.Make(address, [Controllers(0xFEE0_0000)]), null),
        ("configuration space in memory", address => AcpiData.Make(address, [Buses(0x10_0000, 0, 255)]), null),
        ("configuration space around the end", address => AcpiData.Make(address, [Buses(ulong.MaxValue << 20, 0, 255)]), null),
        ("buses from the last to the first", address => AcpiData.Make(address, [Buses(0xB000_0000, 255, 0)]), null),
        ("configuration space where nothing is", address => AcpiData.Make(address, [Buses(0xD000_0000, 0, 255)]),
            "error: no usable network device: there is no virtio-net"),
    ];

    private readonly ITestOutputHelper _output;

    public HostileBootTests(ITestOutputHelper output) => _output = output;

    public static TheoryData<string> Names() => [.. Cases.Select(each => each.Name)];

    [ProgramTheory(QemuCommandLine.Program)]
    [MemberData(nameof(Names))]
    public async Task Serves_or_says_what_is_wrong(string name)
    {
        (_, Action<HostileLoader> make, string? lastWords) = Cases.Single(each => each.Name == name);
        await using BareGuest guest = Boot(make);
        if (lastWords == null)
        {
            await guest.ServesAsync();
            Assert.False(GuestConsole.HasCrashReport(guest.Console));
            return;
        }
        Assert.Equal(MachineExit.GaveUp, await guest.WaitForEndAsync());
        Assert.StartsWith(lastWords, "error: " + GuestConsole.Error(guest.Console));
    }

    public static TheoryData<string> AcpiNames() => [.. AcpiCases.Select(each => each.Name)];

    /// <summary>All that the image takes from ACPI it can do without, but for where its card is.</summary>
    [ProgramTheory(QemuCommandLine.Program)]
    [MemberData(nameof(AcpiNames))]
    public async Task Serves_whatever_the_ACPI_tables_are(string name)
    {
        (_, Func<ulong, byte[]> tables, string? lastWords) = AcpiCases.Single(each => each.Name == name);
        await using BareGuest guest = Boot(loader =>
        {
            loader.RsdpAddress = loader.DataAddress;
            loader.Data = tables(loader.DataAddress);
        });
        if (lastWords == null)
        {
            await guest.ServesAsync();
            Assert.DoesNotContain("error: ", guest.Console);
            Assert.DoesNotContain("power button", guest.Console);
            return;
        }
        Assert.Equal(MachineExit.GaveUp, await guest.WaitForEndAsync());
        Assert.Equal(lastWords, "error: " + GuestConsole.Error(guest.Console));
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData(1UL << 40)]
    [InlineData(0xFEE0_0000UL)]
    [InlineData(ulong.MaxValue)]
    public async Task Serves_wherever_the_root_pointer_leads(ulong address)
    {
        await using BareGuest guest = Boot(loader => loader.RsdpAddress = address);
        await guest.ServesAsync();
    }

    /// <summary>From nothing to 32 MiB there is no amount of memory that it does not know what to do with.</summary>
    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData(5, 8)]
    [InlineData(9, 12)]
    [InlineData(13, 20)]
    [InlineData(21, 32)]
    public async Task Any_amount_of_memory_is_enough_or_said_to_be_too_little(int first, int last)
    {
        for (int mebibytes = first; mebibytes <= last; mebibytes++)
        {
            await using BareGuest guest = Boot(Map((0x10_0000, (ulong)(mebibytes - 1) << 20, 1)));
            await guest.EndsOrIsReadyAsync();
            if (guest.HasEnded)
                Assert.StartsWith("too little memory for a cache", GuestConsole.Error(guest.Console));
            else
                await guest.ServesAsync();
            Assert.False(GuestConsole.HasCrashReport(guest.Console));
        }
    }

    [ProgramTheory(QemuCommandLine.Program)]
    [InlineData("too long", "error: command line: longer than 4096 bytes; the rest is not read")]
    [InlineData("nowhere", "ready: ")]
    [InlineData("a device's", "ready: ")]
    [InlineData("rubbish", "ready: ")]
    public async Task Whatever_the_command_line_is_it_serves(string kind, string said)
    {
        await using BareGuest guest = Boot(loader =>
        {
            if (kind == "nowhere") loader.CommandLineAddress = 1UL << 40;
            if (kind == "a device's") loader.CommandLineAddress = 0xFEE0_0000;
            if (kind == "too long") loader.CommandLine = Encoding.ASCII.GetBytes("-m 64 " + new string('x', 5000) + " -p 1");
            if (kind == "rubbish")
            {
                byte[] octets = new byte[3000];
                new Random(6).NextBytes(octets);
                loader.CommandLine = [.. octets.Select(octet => octet == 0 ? (byte)' ' : octet)];
            }
        });
        await guest.ServesAsync();
        await guest.WaitForConsoleAsync(console => console.Contains(said, StringComparison.Ordinal));
        Assert.False(GuestConsole.HasCrashReport(guest.Console));
        Assert.All(guest.Console, each => Assert.True(each is '\r' or '\n' or >= ' ' and <= '~'));
    }

    private BareGuest Boot(Action<HostileLoader> make)
    {
        var loader = new HostileLoader();
        make(loader);
        return BareGuest.Start(_output, directory =>
        [
            "-M", "q35", "-serial", "chardev:console",
            "-device", "virtio-net-pci,netdev=net,disable-legacy=on,romfile=", .. loader.Arguments(directory),
        ]);
    }

    /// <summary>FADT: the ports of the PM timer and of the power button.</summary>
    private static byte[] Fixed(uint timerPort, uint buttonPort)
    {
        byte[] body = new byte[116 - 36];
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(56 - 36), buttonPort);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(76 - 36), timerPort);
        body[88 - 36] = 4;
        return AcpiData.Table("FACP", body);
    }

    /// <summary>FADT of a hardware-reduced machine: the address of its sleep control register, and of the DSDT.</summary>
    private static byte[] Reduced(ulong control, ulong code)
    {
        byte[] body = new byte[276 - 36];
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(112 - 36), 1 << 20);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(140 - 36), code);
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(248 - 36), control);
        return AcpiData.Table("FACP", body);
    }

    /// <summary>MADT with an I/O APIC.</summary>
    private static byte[] Controllers(uint address)
    {
        byte[] body = new byte[8 + 12];
        body[8] = 1;
        body[9] = 12;
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(12), address);
        return AcpiData.Table("APIC", body);
    }

    /// <summary>MCFG with a range of buses.</summary>
    private static byte[] Buses(ulong address, byte first, byte last)
    {
        byte[] body = new byte[8 + 16];
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(8), address);
        body[18] = first;
        body[19] = last;
        return AcpiData.Table("MCFG", body);
    }

    private static Action<HostileLoader> Map(params (ulong, ulong, uint)[] entries) => loader =>
    {
        loader.Map.Clear();
        loader.Map.AddRange(entries);
    };
}
