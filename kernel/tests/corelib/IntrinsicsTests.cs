using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Iced.Intel;
using Memcachier.Kernel.Tests.Build;
using Xunit;

namespace Memcachier.Kernel.Tests.Corelib;

/// <summary>
/// What corelib calls an intrinsic has to be an instruction in the image: a body that calls itself would never return,
/// and one that is called costs more than it does.
/// </summary>
public sealed class IntrinsicsTests
{
    private const string Prefix = "memcachier_";

    private static readonly Lazy<ElfFile> s_image = new(() => new ElfFile(File.ReadAllBytes(SourceTree.Image!)));

    private static readonly Lazy<List<ElfSymbol>> s_methods = new(() =>
        new ElfFile(File.ReadAllBytes(SourceTree.ImageSymbols!)).Symbols.FindAll(symbol => symbol.Type == 2));

    private static ElfFile Image => s_image.Value;

    private static List<ElfSymbol> Methods
    {
        get
        {
            Assert.True(s_methods.Value.Count > 1000);
            return s_methods.Value;
        }
    }

    /// <summary>A method of the image, the operation that its source uses, and the instructions that do it.</summary>
    [ImageFact]
    public void Operations_are_instructions()
    {
        (string Method, string Operation, Mnemonic[] Instructions)[] rows =
        [
            ("Kernel_Net_Tcp_TimerWheel__TryFindNext", "TrailingZeroCount", [Mnemonic.Tzcnt]),
            ("Kernel_Net_Tcp_TimerWheel__Insert", "LeadingZeroCount, by Log2", [Mnemonic.Lzcnt]),
            ("Kernel_Net_Tcp_TcpConnection__get_OfferedWindowScale", "LeadingZeroCount", [Mnemonic.Lzcnt]),
            ("Kernel_Net_Dhcp_DhcpLease", "PopCount", [Mnemonic.Popcnt]),
            ("Kernel_Base_ChaCha20__QuarterRound", "RotateLeft of 32 bits", [Mnemonic.Rol, Mnemonic.Rorx]),
            ("Kernel_Base_SipHash_State__Round", "RotateLeft of 64 bits", [Mnemonic.Rol, Mnemonic.Rorx]),
            ("Kernel_Base_KeyedHash__Of", "BigMul", [Mnemonic.Mulx, Mnemonic.Mul]),
            ("Kernel_Net_Tcp_Segment__TryParse", "ReadUInt32BigEndian", [Mnemonic.Movbe]),
            ("Kernel_Net_Wire_Ipv4Header__TryParse", "ReadUInt16BigEndian", [Mnemonic.Movbe]),
            ("Kernel_Net_Wire_InternetChecksum__Compute", "Vector256 addition", [Mnemonic.Vpaddq]),
            ("Kernel_Net_Wire_InternetChecksum__Compute", "Vector256.ShiftRightLogical", [Mnemonic.Vpsrlq]),
            ("System_SpanHelpers__Fill", "Vector256.Create", [Mnemonic.Vpbroadcastb]),
            ("System_SpanHelpers__IndexOf", "Vector256.Equals", [Mnemonic.Vpcmpeqb]),
            ("System_SpanHelpers__IndexOf", "ExtractMostSignificantBits", [Mnemonic.Vpmovmskb]),
            ("System_SpanHelpers__IndexOf", "TrailingZeroCount", [Mnemonic.Tzcnt]),
            ("System_SpanHelpers__MemmoveVectors", "Vector256.LoadUnsafe", [Mnemonic.Vmovups, Mnemonic.Vmovdqu]),
        ];
        var missing = new List<string>();
        foreach ((string method, string operation, Mnemonic[] instructions) in rows)
        {
            List<ElfSymbol> methods = Methods.FindAll(symbol => IsNamed(symbol, Prefix + method)
                || IsNamed(symbol, Prefix + "Memcachier_" + method));
            if (!methods.SelectMany(Decode).Any(instruction => instructions.Contains(instruction.Mnemonic)))
                missing.Add($"{operation} in {method}, which has {methods.Count} symbols");
        }
        Assert.Empty(missing);
    }

    [ImageFact]
    public void No_intrinsic_is_left_as_a_method()
    {
        string[] prefixes =
        [
            "memcachier_System_Runtime_Intrinsics_", "memcachier_System_Runtime_CompilerServices_Unsafe__",
            "memcachier_System_Buffers_Binary_BinaryPrimitives__", "memcachier_System_Threading_Volatile__",
            "memcachier_System_Threading_Interlocked__", "memcachier_System_Math__BigMul",
            "memcachier_System_Numerics_BitOperations__Rotate",
            "memcachier_System_Numerics_BitOperations__LeadingZeroCount",
            "memcachier_System_Numerics_BitOperations__TrailingZeroCount",
            "memcachier_System_Numerics_BitOperations__PopCount",
        ];
        IEnumerable<string> left = Methods
            .Where(symbol => prefixes.Any(prefix => IsNamed(symbol, prefix)))
            .Select(symbol => symbol.Name);
        Assert.Empty(left);
    }

    [ImageFact]
    public void No_method_is_nothing_but_a_call_of_itself()
    {
        foreach (ElfSymbol symbol in Methods.Where(symbol => IsNamed(symbol, Prefix)))
        {
            List<Instruction> code = Decode(symbol);
            bool isCallOfItself = code.Count <= 4 && code.Exists(
                instruction => instruction.FlowControl is FlowControl.Call or FlowControl.UnconditionalBranch
                    && instruction.NearBranchTarget == symbol.Value);
            Assert.False(isCallOfItself, symbol.Name);
        }
    }

    private static bool IsNamed(ElfSymbol symbol, string prefix) =>
        symbol.Name.StartsWith(prefix, StringComparison.Ordinal);

    private static List<Instruction> Decode(ElfSymbol symbol) =>
        symbol.Size == 0 ? [] : Disassembly.Decode(Image.At(symbol.Value, (int)symbol.Size), 64, symbol.Value);
}
