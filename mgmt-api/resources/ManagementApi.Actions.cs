using System;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;

namespace Memcachier.Management.Resources;

/// <summary>What changes something. Whoever comes here has shown the token.</summary>
public sealed partial class ManagementApi
{
    private void BeginAction(HttpExchange exchange, in RequestHead head, ApiRoute route, ReadOnlySpan<byte> parameter)
    {
        if (head.HasBody)
        {
            exchange.Problem(400, "This takes no content."u8);
            return;
        }
        if (route == ApiRoute.Flush)
        {
            Flush(exchange, head.Query);
            return;
        }
        if (route == ApiRoute.Drain && exchange.Method == HttpMethod.Post)
        {
            if (DrainResource.TryBegin(_control, head.Query, _nowMicros)) exchange.Answer(202, Json, HttpExchange.UnknownLength);
            else exchange.Problem(400, "timeout is 0 to 3600 seconds, then is shutdown or reboot; there is no more."u8);
            return;
        }
        if (head.Query.Length > 0)
        {
            exchange.Problem(400, "This resource has no parameters."u8);
            return;
        }
        switch (route)
        {
            case ApiRoute.StatsReset:
                _sources.Store.ResetStatistics();
                _sources.Context.Prefixes.Clear();
                exchange.Answer(204, default, 0);
                break;
            case ApiRoute.Drain:
                _control.EndDrain();
                exchange.Answer(204, default, 0);
                break;
            case ApiRoute.Connection:
                CloseConnection(exchange, parameter);
                break;
            case ApiRoute.Key:
                DeleteKey(exchange, parameter);
                break;
            case ApiRoute.Shutdown or ApiRoute.Reboot:
                _control.Power = route == ApiRoute.Reboot ? PowerRequest.Reboot : PowerRequest.Off;
                exchange.CloseAfterwards();
                exchange.Answer(202, default, 0);
                break;
            default:
                Invariant.Unreachable();
                break;
        }
    }

    /// <summary>flush_all, at once or, with delay=SECONDS, later.</summary>
    private void Flush(HttpExchange exchange, ReadOnlySpan<byte> query)
    {
        ulong delay = 0;
        var parameters = new QueryReader(query);
        while (parameters.TryNext(out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value))
        {
            bool isGood = name.SequenceEqual("delay"u8) && AsciiDecimal.TryParse(value, out delay)
                && delay <= Cache.Lifetime.RelativeMax;
            if (isGood) continue;
            exchange.Problem(400, "The only parameter is delay, from 0 to 2592000 seconds."u8);
            return;
        }
        _sources.Store.Flush((int)delay);
        exchange.Answer(204, default, 0);
    }

    private void CloseConnection(HttpExchange exchange, ReadOnlySpan<byte> parameter)
    {
        if (!ConnectionsResource.TryFind(_sources, parameter, out int number))
        {
            exchange.Problem(404, "There is no such connection."u8);
        }
        else if (_control.TryRequestClose(number))
        {
            exchange.Answer(202, default, 0);
        }
        else
        {
            exchange.Problem(503, "Another connection is being closed."u8);
            exchange.Field("Retry-After"u8, "1"u8);
        }
    }

    private void DeleteKey(HttpExchange exchange, ReadOnlySpan<byte> parameter)
    {
        Span<byte> key = stackalloc byte[HttpExchange.KeyLengthMax];
        if (!TryReadKey(exchange, parameter, key, out int length)) return;
        if (_sources.Store.TryDelete(key.Slice(0, length))) exchange.Answer(204, default, 0);
        else exchange.Problem(404, "There is no such item."u8);
    }
}
