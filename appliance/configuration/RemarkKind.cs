namespace Memcachier.Configuration;

/// <summary>What is wrong with an option, or with a line of a file.</summary>
public enum RemarkKind : byte
{
    /// <summary>A memcached switch that has no meaning on a machine of its own.</summary>
    HasNoMeaning,

    /// <summary>A word for Linux, as hypervisors append them.</summary>
    ForLinux,

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

    /// <summary>User data is compressed.</summary>
    Compressed,

    /// <summary>User data is of a kind that is not known.</summary>
    OtherKind,

    /// <summary>A key that has been there before.</summary>
    Duplicate,

    /// <summary>A line that is not NAME: VALUE.</summary>
    NotAMapping,

    /// <summary>A tab that is in no comment.</summary>
    Tab,

    /// <summary>A line that is indented like none above it.</summary>
    BadIndent,

    /// <summary>&amp;anchor, *alias or !tag.</summary>
    AnchorOrTag,

    /// <summary>A value that goes on in the next line.</summary>
    MultiLine,

    /// <summary>{...} or [...] in YAML.</summary>
    Flow,

    /// <summary>A quotation mark without its other half in the same line.</summary>
    OpenQuote,

    /// <summary>A backslash with something behind it that is none of the language's escapes.</summary>
    BadEscape,

    /// <summary>Something behind a value that is no comment.</summary>
    Trailing,

    /// <summary>A value that means something else in YAML unless it is quoted.</summary>
    NeedsQuotes,

    /// <summary>A control character, or bytes that are not UTF-8.</summary>
    BadCharacter,

    /// <summary>A list or a mapping where one value belongs.</summary>
    NotOneValue,

    /// <summary>A value where the settings of a group belong.</summary>
    NotAGroup,

    /// <summary>A second document of YAML.</summary>
    SecondDocument,

    /// <summary>Braces, brackets, colons or commas of JSON do not fit.</summary>
    JsonStructure,

    /// <summary>What is no value of JSON.</summary>
    JsonValue,

    /// <summary>A backslash in JSON that begins no escape.</summary>
    JsonEscape,

    /// <summary>A line break or another control character in a text of JSON, or bytes that are not UTF-8.</summary>
    JsonCharacter,

    /// <summary>JSON that ends too soon.</summary>
    JsonEnd,

    /// <summary>Values of JSON within values, too deep.</summary>
    JsonDepth,
}
