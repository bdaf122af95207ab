using System;

namespace Memcachier.Packaging.Image.Gpt;

/// <summary>An entry of the partition table.</summary>
/// <param name="Type">What it is for.</param>
/// <param name="Unique">Which one it is.</param>
/// <param name="First">Its first sector.</param>
/// <param name="Last">Its last sector, inclusive.</param>
/// <param name="Name">At most 36 units of UTF-16.</param>
internal sealed record GptPartition(Guid Type, Guid Unique, long First, long Last, string Name);
