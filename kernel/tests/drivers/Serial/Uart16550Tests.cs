using System.Text;
using Memcachier.Kernel.Drivers.Serial;
using Xunit;

namespace Memcachier.Kernel.Tests.Drivers.Serial;

public sealed class Uart16550Tests
{
    [Fact]
    public void Opening_sets_115200_baud_8n1_without_interrupts()
    {
        var model = new UartModel();
        _ = Open(model);
        Assert.Equal(1, model.Divisor);
        Assert.Equal(3, model.LineControl);
        Assert.Equal(0, model.InterruptEnable);
        Assert.Empty(model.Wire);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(1)]
    public void Text_of_any_length_arrives_without_overrun(int fifoDepth)
    {
        for (int length = 0; length < 100; length++)
        {
            var model = new UartModel { FifoDepth = fifoDepth };
            byte[] text = Encoding.ASCII.GetBytes(new string('x', length));
            Open(model).Write(text);
            Assert.Equal(text, model.Wire.ToArray());
        }
    }

    [Fact]
    public void A_line_feed_becomes_carriage_return_and_line_feed()
    {
        var model = new UartModel();
        Open(model).Write("\na\n\nb"u8);
        Assert.Equal("\r\na\r\n\r\nb", Encoding.ASCII.GetString(model.Wire.ToArray()));
    }

    [Fact]
    public void A_fifo_is_filled_sixteen_bytes_at_a_time()
    {
        var model = new UartModel { PollsToEmpty = 0 };
        Open(model).Write(new byte[160]);
        Assert.Equal(10, model.StatusReads);
    }

    [Fact]
    public void A_dead_uart_costs_a_bounded_wait()
    {
        var model = new UartModel { PollsToEmpty = -1 };
        Open(model).Write(new byte[1000]);
        Assert.Equal(16, model.Wire.Count);
        Assert.InRange(model.StatusReads, 1, 100_000);
    }

    [Fact]
    public void The_default_writes_nowhere() => default(Uart16550<UartPorts>).Write("lost"u8);

    private static Uart16550<UartPorts> Open(UartModel model) =>
        Uart16550<UartPorts>.Open(new UartPorts(model), UartModel.Base);
}
