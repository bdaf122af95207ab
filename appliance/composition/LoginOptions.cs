using System;
using Memcachier.Server;

namespace Memcachier.Composition;

/// <summary>
/// The options that say which protocol is spoken and who may log in: -B, -S, -Y and user=. What memcached would not
/// start with is settled so that nobody gets in who has not logged in.
/// </summary>
internal struct LoginOptions
{
    private const int UserLength = 5;       // "user="

    // Where in the command line they stand: start and length, 0 bytes for what is not there.
    private int _bindingStart;
    private int _bindingLength;
    private int _saslStart;
    private int _saslLength;
    private int _asciiAuthStart;
    private int _asciiAuthLength;
    private int _userStart;
    private int _userEnd;
    private bool _isUserAdded;
    private bool _isUserBlamed;

    /// <summary>Follows user=NAME:PASSWORD; fails for any other option.</summary>
    public bool TryApplyUser(
        int start, ReadOnlySpan<byte> word, Credentials credentials, CommandLineRemarks remarks)
    {
        if (!word.StartsWith("user="u8)) return false;
        _userStart = start;
        _userEnd = start + word.Length;
        _isUserAdded = credentials.TryAdd(word.Slice(UserLength));
        _isUserBlamed = !_isUserAdded;
        if (_isUserBlamed) remarks.Add(RemarkKind.BadUser, start, UserLength);
        return true;
    }

    /// <summary>
    /// An unknown option right behind a user= may be the rest of a password, which nobody should read on the console:
    /// the user is what is remarked on, and forgotten. Fails if the option stands elsewhere.
    /// </summary>
    public bool TryBlameUser(
        ReadOnlySpan<byte> text, int start, int length, Credentials credentials, CommandLineRemarks remarks)
    {
        if (_userEnd == 0) return false;
        for (int i = _userEnd; i < start; i++)
        {
            if (text[i] != ' ') return false;
        }
        if (_isUserAdded) credentials.RemoveLast();
        if (!_isUserBlamed) remarks.Add(RemarkKind.BadUser, _userStart, UserLength);
        _isUserAdded = false;
        _isUserBlamed = true;
        _userEnd = start + length;
        return true;
    }

    /// <summary>
    /// Follows -B, -S and -Y; fails for any other letter, and for another protocol than there is. A -Y without a file
    /// is one all the same: who forgets the file does not mean to let everybody in.
    /// </summary>
    /// <param name="text">The command line.</param>
    /// <param name="letter">The switch.</param>
    /// <param name="value">What follows it, if it takes a value.</param>
    /// <param name="start">Where the word with the switch begins.</param>
    /// <param name="end">Where that, or its value, ends.</param>
    /// <param name="settings">What is changed.</param>
    /// <param name="remarks">What is said about a user= in the place of the file.</param>
    public bool TryApplySwitch(
        ReadOnlySpan<byte> text,
        byte letter,
        ReadOnlySpan<byte> value,
        int start,
        int end,
        Settings settings,
        CommandLineRemarks remarks)
    {
        switch (letter)
        {
            case (byte)'S':
                settings.UsesSasl = true;
                _saslStart = start;
                _saslLength = end - start;
                return true;
            case (byte)'Y':
                settings.UsesAsciiAuth = true;
                // It may be a password that stands where the file should.
                int valueStart = end - value.Length;
                _ = TryApplyUser(valueStart, value, settings.Credentials, remarks);
                while (text[valueStart - 1] == ' ') valueStart--;
                _asciiAuthStart = start;
                _asciiAuthLength = valueStart - start;
                return true;
            case (byte)'B':
                if (value.SequenceEqual("auto"u8)) settings.Protocol = BindingProtocol.Auto;
                else if (value.SequenceEqual("ascii"u8)) settings.Protocol = BindingProtocol.Ascii;
                else if (value.SequenceEqual("binary"u8)) settings.Protocol = BindingProtocol.Binary;
                else return false;
                _bindingStart = start;
                _bindingLength = end - start;
                return true;
            default:
                return false;
        }
    }

    /// <summary>Once all have been followed: what they mean together.</summary>
    public readonly void Settle(Settings settings, CommandLineRemarks remarks)
    {
        if (_asciiAuthLength > 0) remarks.Add(RemarkKind.FileNotRead, _asciiAuthStart, _asciiAuthLength);
        BindingProtocol asked = settings.Protocol;
        if (settings.UsesSasl || settings.UsesAsciiAuth)
        {
            // With both, memcached speaks the text protocol, unless it was told not to and refuses to start.
            bool isBinary = !settings.UsesAsciiAuth || (settings.UsesSasl && asked == BindingProtocol.Binary);
            settings.Protocol = isBinary ? BindingProtocol.Binary : BindingProtocol.Ascii;
            if (_bindingLength > 0 && asked != settings.Protocol)
            {
                RemarkKind kind = isBinary ? RemarkKind.BinaryHolds : RemarkKind.AsciiHolds;
                remarks.Add(kind, _bindingStart, _bindingLength);
            }
            if (settings.UsesSasl && !isBinary) remarks.Add(RemarkKind.NotSpoken, _saslStart, _saslLength);
            if (settings.UsesAsciiAuth && isBinary)
            {
                remarks.Add(RemarkKind.NotSpoken, _asciiAuthStart, _asciiAuthLength);
            }
            if (settings.UdpPort != 0)
            {
                settings.TurnUdpOff();
                if (isBinary) remarks.Add(RemarkKind.UdpIsOff, _saslStart, _saslLength);
                else remarks.Add(RemarkKind.UdpIsOff, _asciiAuthStart, _asciiAuthLength);
            }
            if (settings.Credentials.Count > 0) return;
            if (isBinary) remarks.Add(RemarkKind.NobodyKnown, _saslStart, _saslLength);
            else remarks.Add(RemarkKind.NobodyKnown, _asciiAuthStart, _asciiAuthLength);
        }
        else if (settings.Credentials.Count > 0)
        {
            remarks.Add(RemarkKind.LoginIsOff, _userStart, UserLength);
        }
    }
}
