using Memcachier.Bench.Guest;
using Memcachier.Bench.Instructions;
using Xunit;

namespace Memcachier.LoadTest.Tests.Bench;

public sealed class BudgetTests
{
    private static readonly Measured s_measured = new()
    {
        Requests = 10,
        Blocks =
        [
            new BlockCount(0x10, IsRepeated: false, 300), new BlockCount(0x20, IsRepeated: false, 50),
            new BlockCount(0x11, IsRepeated: false, 100), new BlockCount(0x12, IsRepeated: true, 7000),
        ],
    };

    [Fact]
    public void Blocks_are_added_up_by_function_per_request_and_repetitions_apart()
    {
        Budget budget = Budget.Of(s_measured, NameOf);
        FunctionCost[] functions =
            [new("Memcachier.Cache.Store.TryGet", 40, 700), new("System.Buffer.Memmove", 5, 0)];
        Assert.Equal(functions, budget.Functions);
        Assert.Equal(45, budget.Instructions);
        Assert.Equal(700, budget.Repetitions);
        Assert.Equal(40, budget.OfLayer("store"));
        Assert.Equal(0, budget.OfLayer("TCP"));
    }

    [Theory]
    [InlineData("Memcachier.Kernel.Drivers.Virtio.Virtqueue.TryTake", "driver")]
    [InlineData("Memcachier.Kernel.Net.Tcp.TcpStack.Arrives", "TCP")]
    [InlineData("Memcachier.Kernel.Net.NetStack.Poll", "Ethernet and IP")]
    [InlineData("Memcachier.Kernel.Net.Wire.TcpHeader.TryParse", "Ethernet and IP")]
    [InlineData("Memcachier.Kernel.Memory.ChunkQueue.Append", "base")]
    [InlineData("Memcachier.Kernel.Boot.TscClock.get_NowMicros", "clock and interrupts")]
    [InlineData("Memcachier.Server.TextSession.Run", "session")]
    [InlineData("System.SpanHelpers.Memmove", "corelib")]
    [InlineData("gate_entry", Layers.Elsewhere)]
    public void A_function_belongs_to_the_layer_of_its_namespace(string function, string layer)
    {
        Assert.Equal(layer, Layers.Of(function));
        Assert.Contains(layer, Layers.All);
    }

    private static string NameOf(ulong address) =>
        address < 0x20 ? "Memcachier.Cache.Store.TryGet" : "System.Buffer.Memmove";
}
