namespace Memcachier.Packaging.Image;

/// <summary>What a disk is packed in.</summary>
public enum ImageFormat
{
    /// <summary>The sectors themselves.</summary>
    Raw,
}
