using System;
using Memcachier.Configuration;
using Memcachier.Kernel.Base;
using Memcachier.Management.Http;
using Memcachier.Management.Json;
using Memcachier.Server;

namespace Memcachier.Management.Resources;

/// <summary>What changes something and takes a body. Whoever comes here has shown the token.</summary>
public sealed partial class ManagementApi
{
    // What stands around the errors of problem details fits in the rest.
    private const int ErrorsLengthMax = HttpExchange.ShortBodyLengthMax - 224;
    private const int DetailLengthMax = 200;
    private const long AnyVersion = -1;

    private void BeginChange(HttpExchange exchange, in RequestHead head, ApiRoute route)
    {
        if (head.Query.Length > 0)
        {
            exchange.Problem(400, "This resource has no parameters."u8);
            return;
        }
        _ = head.TryField("content-type"u8, out ReadOnlySpan<byte> type);
        if (route == ApiRoute.Cluster)
        {
            BeginCluster(exchange, in head, type);
            return;
        }
        Invariant.Holds(route == ApiRoute.Settings);
        if (MediaType.Is(type, "application/merge-patch+json"u8) || MediaType.Is(type, Json))
        {
            exchange.AskForBody(SettingsPatch.LengthMax);
            return;
        }
        exchange.Problem(415, "The content has to be application/merge-patch+json or application/json."u8);
        // RFC 5789 §2.2
        exchange.Field("Accept-Patch"u8, "application/merge-patch+json, application/json"u8);
    }

    private void PatchSettings(HttpExchange exchange, ReadOnlySpan<byte> body)
    {
        Span<byte> errors = stackalloc byte[ErrorsLengthMax];
        var detail = new LineBuilder(stackalloc byte[DetailLengthMax]);
        var patch = new SettingsPatch(body, _sources.Settings, errors);
        if (!JsonContent.TryCheck(body, ref detail) || !patch.TryCheck(ref detail))
        {
            exchange.Problem(400, detail.Octets);
        }
        else if (patch.ErrorCount > 0)
        {
            AnswerErrors(exchange, errors.Slice(0, patch.ErrorLength), patch.ErrorCount - patch.ErrorsTold);
        }
        else
        {
            patch.Apply(_unixSeconds);
            exchange.SecondCursor = patch.Named;
            exchange.Answer(200, Json, HttpExchange.UnknownLength);
        }
    }

    /// <summary>Problem details with a member of ours (RFC 9457 §3.2): what is wrong with which setting.</summary>
    /// <param name="errors">Objects with commas between them.</param>
    private static void AnswerErrors(HttpExchange exchange, ReadOnlySpan<byte> errors, int omittedCount)
    {
        Span<byte> room = stackalloc byte[HttpExchange.ShortBodyLengthMax];
        var json = new JsonWriter(room);
        json.BeginObject();
        json.Member("type"u8, "about:blank"u8);
        json.Member("title"u8, HttpStatus.ReasonOf(422));
        json.Member("status"u8, 422);
        json.Member("detail"u8, "Nothing was changed."u8);
        if (omittedCount > 0) json.Member("omitted_errors"u8, omittedCount);
        json.Name("errors"u8);
        json.BeginArray();
        json.Literal(errors);
        json.EndArray();
        json.EndObject();
        Invariant.Holds(!json.HasFailed);
        exchange.AnswerWith(422, ProblemDetails.MediaType, room.Slice(0, json.Length));
    }

    /// <summary>Only who has seen the list that holds replaces it, if the client wants it so (RFC 9110 §13.1.1).</summary>
    private void BeginCluster(HttpExchange exchange, in RequestHead head, ReadOnlySpan<byte> type)
    {
        long version = _sources.Context.Cluster.Version;
        if (!MediaType.Is(type, Json))
        {
            exchange.Problem(415, "The content has to be application/json."u8);
        }
        else if (head.TryField("if-match"u8, out ReadOnlySpan<byte> tags) && !IsVersion(tags, version))
        {
            exchange.Problem(412, "The list has another version by now."u8);
        }
        else
        {
            exchange.SecondCursor = tags.Length > 0 ? version : AnyVersion;
            exchange.AskForBody();
        }
    }

    private void PutCluster(HttpExchange exchange, ReadOnlySpan<byte> body)
    {
        ClusterNodes nodes = _sources.Context.Cluster;
        var detail = new LineBuilder(stackalloc byte[DetailLengthMax]);
        if (!JsonContent.TryCheck(body, ref detail))
        {
            exchange.Problem(400, detail.Octets);
            return;
        }
        var reader = new ClusterReader(body, stackalloc byte[ClusterNodes.TextLengthMax]);
        if (!reader.TryRead(ref detail))
        {
            exchange.Problem(422, detail.Octets);
        }
        else if (exchange.SecondCursor != AnyVersion && exchange.SecondCursor != nodes.Version)
        {
            // Somebody else was faster while the body came.
            exchange.Problem(412, "The list has another version by now."u8);
        }
        else
        {
            if (reader.Text.Length > 0) _sources.Settings.Set(SettingId.Cluster, reader.Text, _unixSeconds);
            else _sources.Settings.Reset(SettingId.Cluster, _unixSeconds);
            AnswerCluster(exchange);
        }
    }

    private void AnswerCluster(HttpExchange exchange)
    {
        long version = _sources.Context.Cluster.Version;
        var tag = new LineBuilder(stackalloc byte[ClusterResource.EntityTagLengthMax]);
        ClusterResource.AppendEntityTag(version, ref tag);
        exchange.SecondCursor = version;
        exchange.Answer(200, Json, HttpExchange.UnknownLength);
        exchange.Field("ETag"u8, tag.Octets);
    }

    private static bool IsVersion(ReadOnlySpan<byte> tags, long version)
    {
        var tag = new LineBuilder(stackalloc byte[ClusterResource.EntityTagLengthMax]);
        ClusterResource.AppendEntityTag(version, ref tag);
        return EntityTags.Contains(tags, tag.Octets);
    }
}
