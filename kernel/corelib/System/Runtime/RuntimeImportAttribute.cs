namespace System.Runtime;

/// <summary>The method is the routine of that name in another object of the link.</summary>
internal sealed class RuntimeImportAttribute : Attribute
{
    public RuntimeImportAttribute(string dllName, string entryPoint)
    {
        DllName = dllName;
        EntryPoint = entryPoint;
    }

    public string DllName { get; }

    public string EntryPoint { get; }
}
