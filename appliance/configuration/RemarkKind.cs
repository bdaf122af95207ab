namespace Memcachier.Configuration;

/// <summary>What is wrong with an option, or with a line of a file.</summary>
public enum RemarkKind : byte
{
    /// <summary>A memcached switch that has no meaning on a machine of its own.</summary>
    HasNoMeaning,

    /// <summary>A memcached switch whose meaning this version does not implement.</summary>
    NotSupported,

    /// <summary>An option whose value cannot be read, or is out of range; what held before holds.</summary>
    BadValue,

    /// <summary>No option of that name.</summary>
    Unknown,

    /// <summary>A long option that may be the beginning of several.</summary>
    Ambiguous,

    /// <summary>A long option that takes no value and has one.</summary>
    TakesNoValue,

    /// <summary>-Y names a file, which a machine without files cannot read: who may log in comes from user=.</summary>
    FileNotRead,

    /// <summary>-B contradicts -S, which holds: clients speak the binary protocol and log in.</summary>
    BinaryHolds,

    /// <summary>-B contradicts -Y, which holds: clients speak the text protocol and log in.</summary>
    AsciiHolds,

    /// <summary>-S or -Y is of no use, because its protocol is not spoken.</summary>
    NotSpoken,

    /// <summary>-S or -Y without a user=.</summary>
    NobodyKnown,

    /// <summary>-S or -Y with -U: nobody can log in by UDP, so it is off.</summary>
    UdpIsOff,

    /// <summary>A user= that cannot be used. The password is not pointed at.</summary>
    BadUser,

    /// <summary>user= without -S or -Y.</summary>
    LoginIsOff,

    /// <summary>api.port is where memcached's protocols are served.</summary>
    ApiPortTaken,

    /// <summary>User data is longer than is read.</summary>
    TooLong,

    /// <summary>User data is a script.</summary>
    Script,

    /// <summary>User data is a MIME message.</summary>
    Mime,

    /// <summary>User data is compressed, or of a kind that is not known.</summary>
    OtherKind,

    /// <summary>The first of the keys of a cloud-config that are somebody else's.</summary>
    ForeignKey,

    /// <summary>A key that has been there before.</summary>
    Duplicate,

    /// <summary>A line that is not name: value.</summary>
    NotAMapping,

    /// <summary>A line that begins with a tab.</summary>
    TabIndent,

    /// <summary>A line that is indented like none above it.</summary>
    BadIndent,

    /// <summary>&amp;anchor, *alias or !tag.</summary>
    AnchorOrTag,

    /// <summary>A value that goes on in the next line.</summary>
    MultiLine,

    /// <summary>A quotation mark without its other half in the same line.</summary>
    OpenQuote,

    /// <summary>A backslash with something behind it that is not one of JSON's escapes.</summary>
    BadEscape,

    /// <summary>Something behind a value that is neither a comment nor the end.</summary>
    Trailing,

    /// <summary>A list or a mapping where one value belongs.</summary>
    NotOneValue,

    /// <summary>A value where the settings of a group belong.</summary>
    NotAGroup,

    /// <summary>A control character.</summary>
    BadCharacter,

    /// <summary>Braces, brackets or commas that do not fit.</summary>
    BadFlow,

    /// <summary>A second document.</summary>
    SecondDocument,

    /// <summary>A list that is longer than any that could be used.</summary>
    ListTooLong,
}
