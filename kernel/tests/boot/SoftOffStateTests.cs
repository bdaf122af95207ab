using System;
using System.Buffers.Binary;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Boot.Acpi;
using Xunit;

namespace Memcachier.Kernel.Tests.Boot;

public sealed class SoftOffStateTests
{
    private const uint IsHardwareReduced = 1 << 20;
    private const int HeaderSize = 36;
    private const byte Name = 0x08, Package = 0x12, BytePrefix = 0x0A;

    private static readonly byte[] s_s5 = "_S5_"u8.ToArray();

    /// <summary>As in ACPI 6.5 §20.2: NameOp, the name, PackageOp, its length, the count of elements, and these.</summary>
    private static readonly (string Description, byte[] Code, int Type)[] Codes =
    [
        ("QEMU's pc and q35", [Name, .. s_s5, Package, 6, 4, 0, 0, 0, 0], 0),
        ("QEMU's microvm", [Name, .. s_s5, Package, 4, 1, BytePrefix, 5], 5),
        ("one", [Name, .. s_s5, Package, 6, 4, 1, 1, 0, 0], 1),
        ("from the root", [Name, (byte)'\\', .. s_s5, Package, 6, 4, BytePrefix, 7, 0, 0], 7),
        ("a length of two bytes", [Name, .. s_s5, Package, 0x46, 0, 2, BytePrefix, 3, 0], 3),
        ("a length of four bytes", [Name, .. s_s5, Package, 0xC6, 0, 0, 0, 2, BytePrefix, 3, 0], 3),
        ("behind a mention", [0x70, .. s_s5, 0x60, Name, .. s_s5, Package, 6, 4, BytePrefix, 2, 0, 0], 2),
        ("behind a package of other things", [Name, .. s_s5, Package, 4, 1, 0x0D, 0x41, Name, .. s_s5, Package, 4, 1, 1, 0], 1),
        ("more than three bits", [Name, .. s_s5, Package, 6, 4, BytePrefix, 8, 0, 0], -1),
        ("no elements", [Name, .. s_s5, Package, 2, 0, 0, 0], -1),
        ("a method", [0x14, 6, .. s_s5, 0, 0xA4, 0], -1),
        ("not a package", [Name, .. s_s5, BytePrefix, 5, 0, 0, 0], -1),
        ("cut after the name", [Name, .. s_s5], -1),
        ("cut in the package", [Name, .. s_s5, Package, 6, 4, BytePrefix], -1),
        ("no name before it", [.. s_s5, Package, 6, 4, 0, 0, 0, 0], -1),
        ("another state", [Name, .. "_S3_"u8, Package, 6, 4, 1, 1, 0, 0], -1),
        ("nothing", [], -1),
    ];

    public static TheoryData<string> Descriptions() => [.. Codes.Select(row => row.Description)];

    [Theory]
    [MemberData(nameof(Descriptions))]
    public void The_number_is_found_in_the_byte_code(string description)
    {
        (_, byte[] code, int expected) = Codes.Single(row => row.Description == description);
        Assert.Equal(expected, SoftOffState.TryFindType(code, out byte type) ? type : -1);
    }

    /// <summary>Whatever is cut off or changed: no access outside of the table, and no number that is too large.</summary>
    [Fact]
    public void Any_code_has_a_number_or_none()
    {
        var random = new Prng(5);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] code = [.. Codes[random.Below((uint)Codes.Length)].Code];
            if (code.Length > 0) code[random.Below((uint)code.Length)] = (byte)random.Next();
            code = code[..(int)random.Below((uint)code.Length + 1)];
            if (SoftOffState.TryFindType(code, out byte type)) Assert.InRange(type, 0, 7);
        }
    }

    /// <summary>The offsets of ACPI 6.5 table 5.9.</summary>
    [Theory]
    [InlineData(0x604u, 0u, 2, 0u, SleepRegisterKind.Pm1Control, 0x604)]            // QEMU's q35
    [InlineData(0x604u, 0u, 1, 0u, SleepRegisterKind.None, 0)]
    [InlineData(0u, 0u, 2, 0u, SleepRegisterKind.None, 0)]
    [InlineData(0x1_0604u, 0u, 2, 0u, SleepRegisterKind.None, 0)]
    [InlineData(0x604u, 0x704u, 2, 0u, SleepRegisterKind.None, 0)]                  // two chips
    [InlineData(0x604u, 0u, 2, IsHardwareReduced, SleepRegisterKind.None, 0)]
    public void The_control_register_is_at_a_port(
        uint portA, uint portB, byte length, uint flags, SleepRegisterKind kind, int address)
    {
        byte[] body = Body(208, flags);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(64 - HeaderSize), portA);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(68 - HeaderSize), portB);
        body[89 - HeaderSize] = length;
        Check(body, kind, (ulong)address);
    }

    [Theory]
    [InlineData(0, 0xFEA0_0000UL, 240, SleepRegisterKind.ControlMemory, 0xFEA0_0000UL)]     // QEMU's microvm
    [InlineData(1, 0x600UL, 240, SleepRegisterKind.ControlPort, 0x600UL)]                   // Cloud Hypervisor
    [InlineData(1, 0x1_0600UL, 240, SleepRegisterKind.None, 0UL)]
    [InlineData(1, 0UL, 240, SleepRegisterKind.None, 0UL)]
    [InlineData(0, 0UL, 240, SleepRegisterKind.None, 0UL)]
    [InlineData(2, 0x600UL, 240, SleepRegisterKind.None, 0UL)]                              // PCI configuration space
    [InlineData(1, 0x600UL, 219, SleepRegisterKind.None, 0UL)]                              // the table ends before
    public void A_hardware_reduced_machine_has_another(byte space, ulong port, int length, SleepRegisterKind kind, ulong address)
    {
        byte[] body = Body(240, IsHardwareReduced);
        body[244 - HeaderSize] = space;
        BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(248 - HeaderSize), port);
        Check(body[..length], kind, address);
    }

    [Theory]
    [InlineData(true, true, 5)]
    [InlineData(false, true, 5)]
    [InlineData(true, false, -1)]               // its checksum is wrong
    public void Both_tables_together_say_how(bool isExtended, bool isIntact, int expected)
    {
        var image = new AcpiImage(2);
        long dsdt = image.Add("DSDT", Codes[1].Code);
        if (!isIntact) image.Memory.Region.Slice(dsdt + HeaderSize, 1)[0]++;
        byte[] body = Body(208, 0);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(40 - HeaderSize), isExtended ? 0x10 : (uint)dsdt);
        if (isExtended) BinaryPrimitives.WriteUInt64LittleEndian(body.AsSpan(140 - HeaderSize), (ulong)dsdt);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(64 - HeaderSize), 0x604);
        body[89 - HeaderSize] = 2;
        _ = image.Add("FACP", body);
        AcpiTables tables = image.Find();
        Assert.True(FixedTable.TryFind(in tables, out FixedTable fadt));
        SoftOffState state = SoftOffState.Find(in tables, in fadt);
        Assert.Equal(expected, state.Register.Kind == SleepRegisterKind.None ? -1 : state.Type);
    }

    private static void Check(byte[] body, SleepRegisterKind kind, ulong address)
    {
        var image = new AcpiImage(2);
        _ = image.Add("FACP", body);
        AcpiTables tables = image.Find();
        Assert.True(FixedTable.TryFind(in tables, out FixedTable fadt));
        Assert.Equal((kind, address), (fadt.SleepRegister.Kind, fadt.SleepRegister.Address));
    }

    private static byte[] Body(int length, uint flags)
    {
        byte[] body = new byte[length];
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(112 - HeaderSize), flags);
        return body;
    }
}
