using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>
/// /api/v1/drain?timeout=SECONDS&amp;then=shutdown|reboot: the cache takes no more clients, lets those that are there finish,
/// and says when nobody is left.
/// </summary>
internal static class DrainResource
{
    private const ulong TimeoutDefault = 30;
    private const ulong TimeoutMax = 3600;
    private const long MicrosPerSecond = 1_000_000;

    /// <summary>Begins to drain; fails if a parameter is unknown or wrong.</summary>
    public static bool TryBegin(ApplianceControl control, ReadOnlySpan<byte> query, long nowMicros)
    {
        ulong timeout = TimeoutDefault;
        PowerRequest then = PowerRequest.None;
        var parameters = new QueryReader(query);
        while (parameters.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            bool isGood;
            if (name.SequenceEqual("timeout"u8)) isGood = AsciiDecimal.TryParse(value, out timeout) && timeout <= TimeoutMax;
            else isGood = name.SequenceEqual("then"u8) && TryPower(value, out then);
            if (!isGood) return false;
        }
        control.BeginDrain(nowMicros + ((long)timeout * MicrosPerSecond), then);
        return true;
    }

    /// <summary>How far it has come.</summary>
    public static void Write(ref JsonWriter json, ApplianceControl control, ApiSources sources, long nowMicros)
    {
        json.BeginObject();
        json.Member("state"u8, NameOf(control.Drain));
        json.Member("curr_connections"u8, sources.Statistics.CurrConnections);
        json.Name("seconds_left"u8);
        if (control.Drain == DrainState.Draining) json.Seconds(Math.Max(control.DrainDeadlineMicros - nowMicros, 0));
        else json.Null();
        json.Name("then"u8);
        switch (control.PowerAfterDrain)
        {
            case PowerRequest.Off:
                json.String("shutdown"u8);
                break;
            case PowerRequest.Reboot:
                json.String("reboot"u8);
                break;
            default:
                json.Null();
                break;
        }
        json.EndObject();
    }

    public static ReadOnlySpan<byte> NameOf(DrainState state) => state switch
    {
        DrainState.Draining => "draining"u8,
        DrainState.Drained => "drained"u8,
        _ => "serving"u8,
    };

    private static bool TryPower(ReadOnlySpan<byte> name, out PowerRequest power)
    {
        power = name.SequenceEqual("reboot"u8) ? PowerRequest.Reboot : PowerRequest.Off;
        return power == PowerRequest.Reboot || name.SequenceEqual("shutdown"u8);
    }
}
