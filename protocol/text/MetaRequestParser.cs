using System;

namespace Memcachier.Protocol.Text;

/// <summary>
/// The server's end of the meta commands: from what follows the command's word to a <see cref="MetaRequest"/>, as
/// memcached 1.6.45 reads it. It takes every flag of every command; what means nothing to the one at hand is ignored.
/// </summary>
public static class MetaRequestParser
{
    /// <summary>protocol.txt says 32, but memcached counts the flag's letter.</summary>
    public const int OpaqueLengthMax = 31;

    // memcached's limit, with command and key, and its tokenizer's, which looks at no word beyond it.
    private const int TokenCountMax = 20;
    private const int TokenCountSeen = 23;

    /// <summary>Hot: once per meta command but mn.</summary>
    /// <param name="command">Which one it is.</param>
    /// <param name="arguments">The rest of the line, its end not included.</param>
    /// <param name="keyPlace">For a key that has to be decoded: <see cref="Limits.KeyLengthMax"/> bytes.</param>
    public static ParseStatus Parse(
        Command command, ReadOnlySpan<byte> arguments, Span<byte> keyPlace, out MetaRequest request)
    {
        request = default;
        request.Delta = 1;
        var tokens = new Tokens(arguments);
        bool isGood = tokens.TryNext(out ReadOnlySpan<byte> key);
        request.Key = key;
        int count = 2;
        if (command == Command.MetaSet)
        {
            _ = tokens.TryNext(out ReadOnlySpan<byte> lengthToken);
            isGood &= Number.TryParseSigned32(lengthToken, out int valueLength);
            isGood &= valueLength is >= 0 and <= Limits.ValueLengthMax;
            request.ValueLength = valueLength;
            count++;
        }
        request.Flags = tokens.Rest;
        isGood &= TryCount(request.Flags, ref count);
        if (!isGood)
        {
            // As in the storage commands: what follows is read as a command.
            request.Error = RequestError.BadFormat;
            return ParseStatus.Malformed;
        }
        if (command == Command.MetaSet) request.IgnoredLength = (long)request.ValueLength + Limits.LineEndLength;
        if (command == Command.MetaDebug) request.Error = ReadDebugFlag(keyPlace, ref request);
        else request.Error = Read(command, count, keyPlace, ref request);
        return request.Error == RequestError.None ? ParseStatus.Done : ParseStatus.Malformed;
    }

    private static RequestError Read(Command command, int count, Span<byte> keyPlace, ref MetaRequest request)
    {
        bool isOpaqueTooLong = false;
        RequestError error;
        if (request.Key.Length > Limits.KeyLengthMax) error = RequestError.BadFormat;
        else if (count > TokenCountMax) error = RequestError.TooManyFlags;
        else error = ReadFlags(keyPlace, ref request, out isOpaqueTooLong);
        bool isArithmetic = command == Command.MetaArithmetic;
        if (error != RequestError.None) return isArithmetic ? RequestError.BadArithmeticFlag : error;

        // Upper case only, and whatever follows the letter is ignored: MSet is MS.
        if (isArithmetic && !IsOneOf(request.Mode, "\0I+D-"u8)) return RequestError.BadArithmeticMode;
        if (command == Command.MetaSet && !IsOneOf(request.Mode, "\0EAPRS"u8)) return RequestError.BadSetMode;
        return isOpaqueTooLong ? RequestError.OpaqueTooLong : RequestError.None;
    }

    private static bool IsOneOf(byte mode, ReadOnlySpan<byte> modes) => modes.IndexOf(mode) >= 0;

    /// <summary>me has one flag, which comes first; it takes any other for nothing.</summary>
    private static RequestError ReadDebugFlag(Span<byte> keyPlace, ref MetaRequest request)
    {
        if (request.Key.Length > Limits.KeyLengthMax) return RequestError.BadFormat;
        var tokens = new Tokens(request.Flags);
        bool isBinary = tokens.TryNext(out ReadOnlySpan<byte> token) && token.SequenceEqual("b"u8);
        if (!isBinary) return RequestError.None;
        _ = request.TryNote((byte)'b');
        return DecodeKey(keyPlace, ref request) == RequestError.None ? RequestError.None : RequestError.BadFormat;
    }

    /// <summary>Counts the flags. Fails if one begins with something else than a letter or a digit.</summary>
    private static bool TryCount(ReadOnlySpan<byte> flags, ref int count)
    {
        var tokens = new Tokens(flags);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            // The range is memcached's: it has what lies between Z and a as well.
            bool isLetter = token[0] is (>= (byte)'A' and <= (byte)'z') or (>= (byte)'0' and <= (byte)'9');
            if (!isLetter && count < TokenCountSeen) return false;
            count++;
        }
        return true;
    }

    /// <summary>
    /// A flag that is there twice, or that nobody knows, ends it; of other errors, as in memcached, the last one is
    /// told.
    /// </summary>
    private static RequestError ReadFlags(Span<byte> keyPlace, ref MetaRequest request, out bool isOpaqueTooLong)
    {
        RequestError error = RequestError.None;
        isOpaqueTooLong = false;
        var tokens = new Tokens(request.Flags);
        while (tokens.TryNext(out ReadOnlySpan<byte> token))
        {
            byte letter = token[0];
            if (letter < 'A') return RequestError.InvalidFlag;
            if (!request.TryNote(letter)) return RequestError.DuplicateFlag;
            ReadOnlySpan<byte> argument = token.Slice(1);
            switch (ReadFlag(letter, argument, keyPlace, ref request))
            {
                case RequestError.None:
                    if (letter == 'O') isOpaqueTooLong = argument.Length > OpaqueLengthMax;
                    break;
                case RequestError.InvalidFlag:
                    return RequestError.InvalidFlag;
                case RequestError.BadFormat:
                    // F has no error of its own.
                    if (error == RequestError.None) error = RequestError.BadFormat;
                    break;
                case RequestError other:
                    error = other;
                    break;
            }
        }
        return error;
    }

    private static RequestError ReadFlag(
        byte letter, ReadOnlySpan<byte> argument, Span<byte> keyPlace, ref MetaRequest request)
    {
        switch (letter)
        {
            case (byte)'b':
                return DecodeKey(keyPlace, ref request);
            case (byte)'T':
                if (!TryExptime(argument, out int exptime)) return RequestError.BadToken;
                request.Exptime = exptime;
                request.CreationExptime = exptime;
                return RequestError.None;
            case (byte)'N':
                if (!TryExptime(argument, out int vivifyExptime)) return RequestError.BadToken;
                request.VivifyExptime = vivifyExptime;
                request.CreationExptime = vivifyExptime;
                return RequestError.None;
            case (byte)'R':
                if (!TryExptime(argument, out int recacheExptime)) return RequestError.BadToken;
                request.RecacheExptime = recacheExptime;
                request.RecachesAfterExptime = request.HasExptime;
                return RequestError.None;
            case (byte)'C':
                if (!Number.TryParse64(argument, out ulong cas)) return RequestError.BadToken;
                request.Cas = cas;
                return RequestError.None;
            case (byte)'E':
                if (!Number.TryParse64(argument, out ulong newCas)) return RequestError.BadToken;
                request.NewCas = newCas;
                return RequestError.None;
            case (byte)'F':
                if (!Number.TryParse32(argument, out uint clientFlags)) return RequestError.BadFormat;
                request.ClientFlags = clientFlags;
                return RequestError.None;
            case (byte)'J':
                if (!Number.TryParse64(argument, out ulong initial)) return RequestError.BadInitialFlag;
                request.Initial = initial;
                return RequestError.None;
            case (byte)'D':
                if (!Number.TryParse64(argument, out ulong delta)) return RequestError.BadDeltaFlag;
                request.Delta = delta;
                return RequestError.None;
            case (byte)'M':
                // A word without a mode has the space or the line's end there, which is no mode.
                request.Mode = argument.Length > 0 ? argument[0] : (byte)' ';
                return RequestError.None;
            case (byte)'I' or (byte)'L' or (byte)'O' or (byte)'P' or (byte)'c' or (byte)'f' or (byte)'h' or (byte)'k'
                or (byte)'l' or (byte)'q' or (byte)'s' or (byte)'t' or (byte)'u' or (byte)'v' or (byte)'x':
                return RequestError.None;
            default:
                return RequestError.InvalidFlag;
        }
    }

    private static RequestError DecodeKey(Span<byte> keyPlace, ref MetaRequest request)
    {
        if (!Base64.TryDecode(request.Key, keyPlace, out int length)) return RequestError.BadBase64;
        request.Key = keyPlace.Slice(0, length);
        return RequestError.None;
    }

    private static bool TryExptime(ReadOnlySpan<byte> argument, out int exptime) =>
        Number.TryParseSigned32(argument, out exptime);
}
