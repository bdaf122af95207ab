namespace System;

/// <summary>Named by the compiler; nothing throws in the image.</summary>
public class Exception
{
}
