namespace Memcachier.LoadTest.Engine;

/// <summary>What a reply means for the request at the head of the line.</summary>
internal enum AnswerProgress : byte
{
    /// <summary>Its answer goes on.</summary>
    More,

    /// <summary>Its answer is complete.</summary>
    Done,

    /// <summary>It is no answer to this request: requests and replies do not pair up any more.</summary>
    OutOfStep,
}
