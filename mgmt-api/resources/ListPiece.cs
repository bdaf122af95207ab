using System;
using Memcachier.Management.Http;
using Memcachier.Management.Json;

namespace Memcachier.Management.Resources;

/// <summary>
/// A piece of an answer that is a list: elements are added as long as they fit, and whoever calls remembers where it
/// stopped.
/// </summary>
internal ref struct ListPiece
{
    private JsonWriter _kept;

    /// <param name="room">Where the piece goes; any element fits, even after what the list begins with.</param>
    /// <param name="follows">The list has an element already, from another piece.</param>
    public ListPiece(Span<byte> room, bool follows) => Json = _kept = new JsonWriter(room, follows);

    /// <summary>Where the next element is written.</summary>
    public JsonWriter Json;

    /// <summary>Keeps the element that was written; or drops it and fails, if it did not fit.</summary>
    public bool TryKeep()
    {
        if (Json.HasFailed)
        {
            Json = _kept;
            return false;
        }
        _kept = Json;
        return true;
    }

    /// <summary>The piece is done. If nothing was found to write, white space says that there is more to come.</summary>
    public PieceStatus End(bool isLast, out int length)
    {
        if (!isLast && _kept.Length == 0)
        {
            Json.Space();
            _kept = Json;
        }
        length = _kept.Length;
        return isLast ? PieceStatus.End : PieceStatus.Written;
    }
}
