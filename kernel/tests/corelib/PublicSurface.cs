using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Globalization;
using System.IO;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Memcachier.Kernel.Tests.Corelib;

/// <summary>
/// What an assembly shows of the namespaces System.*: types, and members with their signatures, as text.
/// </summary>
internal sealed class PublicSurface
{
    private readonly MetadataReader _metadata;

    private PublicSurface(MetadataReader metadata) => _metadata = metadata;

    /// <summary>Every public type, and every public or protected member, as "type" or "type: member".</summary>
    public static SortedSet<string> Of(string assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var surface = new PublicSurface(file.GetMetadataReader());
        var found = new SortedSet<string>(StringComparer.Ordinal);
        foreach (TypeDefinitionHandle handle in surface._metadata.TypeDefinitions) surface.Add(handle, found);
        return found;
    }

    private void Add(TypeDefinitionHandle handle, SortedSet<string> found)
    {
        TypeDefinition type = _metadata.GetTypeDefinition(handle);
        string name = Names.Of(_metadata, handle);
        if (!name.StartsWith("System.", StringComparison.Ordinal) || !IsVisible(type)) return;
        _ = found.Add(name);
        foreach (MethodDefinitionHandle method in type.GetMethods())
        {
            MethodDefinition definition = _metadata.GetMethodDefinition(method);
            MethodAttributes access = definition.Attributes & MethodAttributes.MemberAccessMask;
            if (access is not (MethodAttributes.Public or MethodAttributes.Family or MethodAttributes.FamORAssem))
            {
                continue;
            }
            MethodSignature<string> signature = definition.DecodeSignature(Names.Instance, null);
            string kind = (definition.Attributes & MethodAttributes.Static) != 0 ? "static " : "";
            string arity = signature.GenericParameterCount == 0
                ? ""
                : "`" + signature.GenericParameterCount.ToString(CultureInfo.InvariantCulture);
            string parameters = string.Join(", ", signature.ParameterTypes);
            string member = _metadata.GetString(definition.Name) + arity;
            _ = found.Add($"{name}: {kind}{signature.ReturnType} {member}({parameters})");
        }
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            FieldDefinition definition = _metadata.GetFieldDefinition(field);
            if ((definition.Attributes & FieldAttributes.FieldAccessMask) != FieldAttributes.Public) continue;
            string fieldType = definition.DecodeSignature(Names.Instance, null);
            string text = $"{name}: {fieldType} {_metadata.GetString(definition.Name)}";
            _ = found.Add(
                definition.GetDefaultValue().IsNil ? text : text + " = " + Constant(definition.GetDefaultValue()));
        }
    }

    private bool IsVisible(TypeDefinition type)
    {
        while (true)
        {
            switch (type.Attributes & TypeAttributes.VisibilityMask)
            {
                case TypeAttributes.Public: return true;
                case TypeAttributes.NestedPublic: type = _metadata.GetTypeDefinition(type.GetDeclaringType()); break;
                default: return false;
            }
        }
    }

    private string Constant(ConstantHandle handle)
    {
        Constant constant = _metadata.GetConstant(handle);
        return Convert.ToHexString(_metadata.GetBlobBytes(constant.Value));
    }

    /// <summary>Names of types in signatures: full ones, the same for a definition and a reference.</summary>
    private sealed class Names : ISignatureTypeProvider<string, object?>
    {
        public static readonly Names Instance = new();

        public static string Of(MetadataReader reader, TypeDefinitionHandle handle)
        {
            TypeDefinition type = reader.GetTypeDefinition(handle);
            string name = reader.GetString(type.Name);
            return type.IsNested
                ? Of(reader, type.GetDeclaringType()) + "." + name
                : reader.GetString(type.Namespace) + "." + name;
        }

        public string GetArrayType(string elementType, ArrayShape shape) => $"{elementType}[{shape.Rank}]";

        public string GetByReferenceType(string elementType) => elementType + "&";

        public string GetFunctionPointerType(MethodSignature<string> signature) => "method*";

        public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
            $"{genericType}<{string.Join(", ", typeArguments)}>";

        public string GetGenericMethodParameter(object? genericContext, int index) =>
            "!!" + index.ToString(CultureInfo.InvariantCulture);

        public string GetGenericTypeParameter(object? genericContext, int index) =>
            "!" + index.ToString(CultureInfo.InvariantCulture);

        public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) =>
            $"{unmodifiedType} {modifier}";

        public string GetPinnedType(string elementType) => elementType;

        public string GetPointerType(string elementType) => elementType + "*";

        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
            Of(reader, handle);

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind)
        {
            TypeReference type = reader.GetTypeReference(handle);
            return reader.GetString(type.Namespace) + "." + reader.GetString(type.Name);
        }

        public string GetTypeFromSpecification(
            MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
            reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);
    }
}
