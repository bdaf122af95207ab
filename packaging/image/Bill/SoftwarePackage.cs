namespace Memcachier.Packaging.Image.Bill;

/// <summary>A piece of software as a bill of materials names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Version">Its version.</param>
/// <param name="License">An expression of SPDX, as its own package says.</param>
/// <param name="Copyright">As its own package says.</param>
/// <param name="NuGetId">Its name on nuget.org, if it comes from there.</param>
public sealed record SoftwarePackage(
    string Name, string Version, string License, string Copyright, string? NuGetId = null);
