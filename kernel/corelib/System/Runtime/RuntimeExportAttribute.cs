namespace System.Runtime;

/// <summary>Other objects of the link see the method under that name.</summary>
internal sealed class RuntimeExportAttribute : Attribute
{
    public RuntimeExportAttribute(string entry) => Entry = entry;

    public string Entry { get; }
}
