namespace System;

/// <summary>The compiler asks for it by name when it reasons about the type of an object.</summary>
internal sealed class RuntimeType : Type
{
}
