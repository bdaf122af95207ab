namespace Memcachier.LoadTest.Engine;

/// <summary>What the bytes that came mean for the request at the head of the line.</summary>
internal enum AnswerProgress : byte
{
    /// <summary>They are not a whole reply yet.</summary>
    NeedMoreData,

    /// <summary>They are a part of its answer, which goes on.</summary>
    More,

    /// <summary>Its answer is complete.</summary>
    Done,

    /// <summary>The answer to its first command is complete, and the second one is to follow.</summary>
    Continue,

    /// <summary>It is no answer to this request: requests and replies do not pair up any more.</summary>
    OutOfStep,

    /// <summary>A value that does not end where it should: bytes are missing, or there are too many.</summary>
    Truncated,

    /// <summary>They are no reply.</summary>
    Malformed,
}
