using Memcachier.Kernel.Base;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>/api/v1/cpus: what the processors did since boot.</summary>
internal static class CpusResource
{
    public static void Write(ref JsonWriter json, ApiSources sources)
    {
        RoundCounters rounds = sources.Rounds;
        json.BeginObject();
        json.Name("cpus"u8);
        json.BeginArray();
        json.BeginObject();
        json.Member("id"u8, 0L);
        json.Name("busy_seconds"u8);
        json.Seconds(rounds.WorkMicros);
        json.Name("halted_seconds"u8);
        json.Seconds(rounds.HaltedMicros);
        json.Member("halts"u8, rounds.Halts);
        json.Member("poll_rounds"u8, rounds.Rounds);
        json.Member("poll_rounds_with_work"u8, rounds.RoundsWithWork);
        json.Name("longest_round_seconds"u8);
        json.Seconds(rounds.LongestRoundMicros);
        json.EndObject();
        json.EndArray();
        json.EndObject();
    }
}
