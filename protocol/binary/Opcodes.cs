namespace Memcachier.Protocol.Binary;

/// <summary>What the opcodes have in common.</summary>
public static class Opcodes
{
    /// <summary>The opcode that does the same aloud; any other is its own.</summary>
    public static Opcode Loud(Opcode opcode) => opcode switch
    {
        Opcode.GetQ => Opcode.Get,
        Opcode.GetKQ => Opcode.GetK,
        Opcode.GatQ => Opcode.Gat,
        Opcode.GatKQ => Opcode.GatK,
        >= Opcode.SetQ and <= Opcode.FlushQ => opcode - (Opcode.SetQ - Opcode.Set),
        Opcode.AppendQ => Opcode.Append,
        Opcode.PrependQ => Opcode.Prepend,
        _ => opcode,
    };

    public static bool IsQuiet(Opcode opcode) => Loud(opcode) != opcode;

    public static bool IsKnown(Opcode opcode) =>
        opcode is <= Opcode.PrependQ or (>= Opcode.Touch and <= Opcode.GatQ) or
            (>= Opcode.SaslListMechs and <= Opcode.GatKQ);
}
