using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace Memcachier.Packaging.Image.Fat;

/// <summary>A file, or a directory with what is in it.</summary>
internal sealed class FatNode
{
    private readonly List<(string LongName, FatNode Node)> _children = [];

    /// <summary>A directory.</summary>
    public FatNode(FatName? name)
    {
        Name = name;
        IsDirectory = true;
    }

    public FatNode(FatName name, byte[] octets)
    {
        Name = name;
        Octets = octets;
    }

    /// <summary>Null for the root.</summary>
    public FatName? Name { get; }

    public bool IsDirectory { get; }

    public byte[] Octets { get; } = [];

    public IEnumerable<FatNode> Children => _children.Select(child => child.Node);

    /// <summary>The first of its clusters, which follow each other; 0 for none.</summary>
    public int FirstCluster { get; set; }

    public int ClusterCount { get; set; }

    /// <summary>Entries that its children need.</summary>
    public int ChildEntryCount => Children.Sum(child => child.Name!.EntryCount);

    /// <summary>The directory of that name, which is made if there is none.</summary>
    public FatNode Directory(string name)
    {
        FatNode? found = Find(name);
        if (found is { IsDirectory: false }) throw new ArgumentException($"'{name}' is a file", nameof(name));
        return found ?? Add(name, new FatNode(NameOf(name)));
    }

    public void AddFile(string name, byte[] octets)
    {
        if (Find(name) != null) throw new ArgumentException($"'{name}' is there already", nameof(name));
        _ = Add(name, new FatNode(NameOf(name), octets));
    }

    private FatName NameOf(string name) =>
        FatName.Create(name, [.. Children.Select(child => Encoding.ASCII.GetString(child.Name!.Short))]);

    private FatNode? Find(string name) =>
        _children.Find(child => child.LongName.Equals(name, StringComparison.OrdinalIgnoreCase)).Node;

    private FatNode Add(string name, FatNode node)
    {
        _children.Add((name, node));
        return node;
    }
}
