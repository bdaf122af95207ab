namespace Memcachier.Management.Http;

/// <summary>Where a <see cref="BodyDecoder"/> is.</summary>
internal enum BodyStep : byte
{
    Size,
    Extension,
    SizeLineFeed,
    Data,
    DataReturn,
    DataLineFeed,
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerLineFeed,
    LastLineFeed,
    Plain,
    Done,
}
