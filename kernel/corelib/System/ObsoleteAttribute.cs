namespace System;

public sealed class ObsoleteAttribute : Attribute
{
    public ObsoleteAttribute()
    {
    }

    public ObsoleteAttribute(string? message)
    {
    }

    public ObsoleteAttribute(string? message, bool error)
    {
    }
}
