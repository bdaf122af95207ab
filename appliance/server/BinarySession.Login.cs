using System;
using Memcachier.Kernel.Base;
using Memcachier.Kernel.Memory;
using Memcachier.Protocol.Binary;

namespace Memcachier.Server;

/// <summary>The SASL requests: there is one mechanism, PLAIN (RFC 4616).</summary>
internal sealed partial class BinarySession
{
    /// <summary>An empty or equal identity, a name, a password, and a NUL after each of the first two.</summary>
    private const int LoginLengthMax = 512;

    // Three parts of a line that is not longer than this fit, or this constant would be negative and not compile.
    private const uint LoginSlack = LoginLengthMax - (2 * Credentials.LineLengthMax) - 2;

    /// <summary>memcached's MAX_SASL_MECH_LEN.</summary>
    private const int MechanismLengthMax = 32;

    private bool _isLoggedIn;
    private bool _isLoginBegun;

    private static ReadOnlySpan<byte> Mechanism => "PLAIN"u8;

    private static bool IsLogin(Opcode opcode) => opcode is Opcode.SaslAuth or Opcode.SaslStep;

    /// <summary>Hot: once per request. Who is not logged in may ask for little else.</summary>
    private bool IsPermitted(Opcode opcode) =>
        _gate == null || _isLoggedIn || opcode is Opcode.SaslListMechs or Opcode.Version || IsLogin(opcode);

    private void ListMechanisms(ChunkQueue output)
    {
        if (_gate == null)
        {
            Refuse(Status.UnknownCommand, output);
            return;
        }
        // As memcached has it, to ask is to begin again.
        _isLoggedIn = false;
        Answer(Status.Done, cas: 0, Mechanism, output);
    }

    /// <summary>Takes the value along that follows the request, once all of it is there.</summary>
    private Step LogIn(in Request request, ReadOnlySpan<byte> source, ref int consumed, ChunkQueue output)
    {
        if (_gate == null || request.Key.Length > MechanismLengthMax)
        {
            Refuse(_gate == null ? Status.UnknownCommand : Status.InvalidArguments, output);
            BeginSwallowing(request.ValueLength);
            return Step.Next;
        }
        int headLength = consumed;
        consumed = 0;
        bool isWhole = IsTakenWhole(request.Opcode, request.Key.Length, request.ValueLength);
        if (isWhole && source.Length - headLength < request.ValueLength) return Step.NeedsInput;
        ReadOnlySpan<byte> message = isWhole ? source.Slice(headLength, request.ValueLength) : default;
        bool isAuth = request.Opcode == Opcode.SaslAuth;
        bool isBegun = isAuth ? IsMechanism(request.Key) : _isLoginBegun;
        if (isAuth && isBegun && request.ValueLength == 0)
        {
            _isLoggedIn = false;
            _isLoginBegun = true;
            Answer(Status.AuthContinue, cas: 0, default, output);
        }
        else
        {
            if (!_gate.TryEnter(Turn)) return Step.NeedsTurn;
            ReadOnlySpan<byte> name = default;
            ReadOnlySpan<byte> password = default;
            if (isBegun) SplitPlain(message, out name, out password);
            _isLoggedIn = _gate.IsRight(name, password);
            _isLoginBegun = false;
            if (_isLoggedIn) Answer(Status.Done, cas: 0, StatusText.Authenticated, output);
            else Refuse(Status.AuthError, output);
        }
        consumed = headLength + message.Length;
        if (!isWhole) BeginSwallowing(request.ValueLength);
        return Step.Next;
    }

    private LoginTurn Turn
    {
        get
        {
            Invariant.Holds(_turn != null);
            return _turn!;
        }
    }

    /// <summary>
    /// Whether a request is executed together with its value: a login is, but for one that is too long, which fails
    /// and need not be kept.
    /// </summary>
    private bool IsTakenWhole(Opcode opcode, int keyLength, long valueLength) =>
        _gate != null && IsLogin(opcode) && keyLength <= MechanismLengthMax && valueLength <= LoginLengthMax;

    /// <summary>Whether it is PLAIN; RFC 4422 has mechanisms in upper case, libsasl in either.</summary>
    private static bool IsMechanism(ReadOnlySpan<byte> name)
    {
        if (name.Length != Mechanism.Length) return false;
        for (int i = 0; i < name.Length; i++)
        {
            if ((name[i] & ~0x20) != Mechanism[i]) return false;
        }
        return true;
    }

    /// <summary>
    /// RFC 4616: message = [authzid] NUL authcid NUL passwd. Nobody acts for another: an identity that is given has to
    /// be the name. Leaves both empty, which nobody has, if the message is not of this form.
    /// </summary>
    private static void SplitPlain(
        ReadOnlySpan<byte> message, out ReadOnlySpan<byte> name, out ReadOnlySpan<byte> password)
    {
        name = default;
        password = default;
        int first = message.IndexOf((byte)0);
        if (first < 0) return;
        ReadOnlySpan<byte> identity = message.Slice(0, first);
        ReadOnlySpan<byte> rest = message.Slice(first + 1);
        int second = rest.IndexOf((byte)0);
        if (second < 0 || rest.Slice(second + 1).IndexOf((byte)0) >= 0) return;
        if (identity.Length > 0 && !identity.SequenceEqual(rest.Slice(0, second))) return;
        name = rest.Slice(0, second);
        password = rest.Slice(second + 1);
    }
}
