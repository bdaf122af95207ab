using System.Collections.Generic;
using System.Linq;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Net.Tcp;
using Xunit;

namespace Memcachier.Kernel.Tests.Net.Tcp;

public sealed class TurnQueueTests
{
    [Fact]
    public void Turns_come_in_the_order_in_which_they_were_asked_for()
    {
        var queue = new TurnQueue(3);
        queue.Add(2);
        queue.Add(0);
        queue.Add(1);
        Assert.Equal([2, 0, 1], Enumerable.Range(0, 3).Select(_ => queue.Take()));
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void Who_waits_already_keeps_its_turn()
    {
        var queue = new TurnQueue(2);
        queue.Add(0);
        queue.Add(1);
        queue.Add(0);
        Assert.Equal(0, queue.Take());
        Assert.Equal(1, queue.Take());
        Assert.True(queue.IsEmpty);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(37)]
    public void It_is_a_queue_without_duplicates(int count)
    {
        var queue = new TurnQueue(count);
        var model = new List<int>();
        var random = new Prng((ulong)count);
        for (int step = 0; step < 10_000; step++)
        {
            Assert.Equal(model.Count == 0, queue.IsEmpty);
            if (random.Next() % 2 == 0)
            {
                int index = (int)(random.Next() % (ulong)count);
                queue.Add(index);
                if (!model.Contains(index)) model.Add(index);
            }
            else if (model.Count > 0)
            {
                Assert.Equal(model[0], queue.Take());
                model.RemoveAt(0);
            }
        }
    }
}
