using System.Runtime.CompilerServices;
using Internal.Runtime;

namespace System;

/// <summary>The root of all classes. In memory an object is a method table pointer followed by its fields.</summary>
public unsafe class Object
{
    // The compiler finds the field by this name.
    [NonVersionable]
    private MethodTable* m_pEEType;

    public Object()
    {
    }

    internal MethodTable* MethodTable => m_pEEType;

    public virtual bool Equals(object? obj) => this == obj;

    public virtual int GetHashCode() => 0;
}
