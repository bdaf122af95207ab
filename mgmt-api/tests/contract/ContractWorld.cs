using System;
using System.Globalization;
using System.Text;
using Memcachier.Kernel.Memory;
using Memcachier.Management.Contract;
using Memcachier.Management.Tests.Resources;
using Memcachier.Server;

namespace Memcachier.Management.Tests.Contract;

/// <summary>The API of a machine that is like a row wants it.</summary>
internal static class ContractWorld
{
    private const long Second = 1_000_000;

    // As many as the world has.
    private const int ConnectionCount = 4;

    /// <summary>Asks what a row asks.</summary>
    public static HttpAnswer Ask(ContractRow row)
    {
        var world = new ApiWorld(protectsMetrics: true, protectsKeys: true);
        world.Log.Append("[        0 us] ready: 10.0.0.1\n[        1 us] error: something\n"u8);
        string request = row.Request;
        switch (row.Situation)
        {
            case Situation.Stored:
                Store(world);
                break;
            case Situation.Connected:
                request = WithClient(world, request);
                break;
            case Situation.ClosingAnother:
                request = WithClient(world, request);
                if (!world.Control.TryRequestClose(0)) throw new InvalidOperationException("it closes one already");
                break;
            case Situation.Late:
                return Late(world, request);
            case Situation.Busy:
                return Busy(world);
            case Situation.GuessesUsed:
                for (int i = 0; i < 10; i++) _ = world.Request("POST /api/v1/flush", "Authorization: Bearer wrong\r\n");
                break;
            case Situation.NoAddress:
                world.Network.Unconfigure();
                break;
            case Situation.Draining:
                _ = world.Act("POST /api/v1/drain");
                break;
            case Situation.Capturing:
                world.Say(world.Open(), $"GET /api/v1/capture HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ApiWorld.Token}\r\n\r\n");
                break;
            default:
                break;
        }
        return Ask(world, request);
    }

    /// <summary>Asks the API of a world.</summary>
    public static HttpAnswer Ask(ApiWorld world, string request)
    {
        int index = world.Open();
        world.Say(index, request);
        var answer = new StringBuilder();
        int stepCount = 0;
        while (world.Server[index].IsAnswering)
        {
            _ = answer.Append(world.Step(index));
            // What has not ended by now waits for the time to go on.
            if (++stepCount > 1000) world.SetTime(world.Now + Second);
        }
        _ = answer.Append(world.Step(index));
        world.Close(index);
        return HttpAnswer.Parse(answer.ToString());
    }

    private static HttpAnswer Late(ApiWorld world, string request)
    {
        int index = world.Open();
        world.Say(index, request);
        world.SetTime(world.Now + (10 * Second));
        return HttpAnswer.Parse(world.Expire(index));
    }

    private static HttpAnswer Busy(ApiWorld world)
    {
        for (int i = 0; i < ConnectionCount; i++)
            world.Say(world.Open(), "GET /api/v1/status HTTP/1.1\r\nHost: localhost\r\n\r\n");
        return HttpAnswer.Parse(world.Refuse());
    }

    private static string WithClient(ApiWorld world, string request)
    {
        world.Connections[3].Opened(new Peer(0x0A000009, 40000, 0x0A000001, 11211));
        string number = world.Connections[3].Number.ToString(CultureInfo.InvariantCulture);
        return request.Replace(ContractRows.Client, number, StringComparison.Ordinal);
    }

    /// <summary>By a session of somebody who needs no login.</summary>
    private static void Store(ApiWorld world)
    {
        _ = world.Act("GET /api/v1/keys");
        var context = new SessionContext(world.Store, world.Chunks, world.Statistics, new ServerSettings(tcpPort: 11211));
        var session = new Session(context, number: 0);
        var output = new ChunkQueue(world.Chunks, 1 << 15);
        _ = session.Receive(Encoding.ASCII.GetBytes($"set {ContractRows.Key} 7 0 5\r\nhello\r\nget {ContractRows.Key}\r\n"), output);
        output.Drop(output.Length);
        session.Closed();
        world.Context.Prefixes.CountSet(Encoding.ASCII.GetBytes(ContractRows.Key));
    }
}
