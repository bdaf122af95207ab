using Memcachier.Server;

namespace Memcachier.Configuration;

/// <summary>
/// What the settings mean together, once all sources were read. What memcached would not start with is settled by
/// <see cref="Settings"/> so that nobody gets in who has not logged in; here it is said.
/// </summary>
public static class LoginCheck
{
    public static void Apply(Settings settings, Remarks remarks)
    {
        if (settings.IsApiPortTaken)
        {
            remarks.Add(RemarkKind.ApiPortTaken, settings.Source(SettingId.ApiPort), 0, "api.port"u8, SettingId.ApiPort);
        }
        if (settings.Places.NamesFile) Add(RemarkKind.FileNotRead, SettingId.AsciiAuth, settings, remarks);
        if (!settings.NeedsLogin)
        {
            if (settings.Credentials.Count > 0) Add(RemarkKind.LoginIsOff, SettingId.User, settings, remarks);
            return;
        }
        bool isBinary = settings.Protocol == BindingProtocol.Binary;
        if (settings.Places.Has(SettingId.Protocol) && settings.ProtocolAsked != settings.Protocol)
        {
            RemarkKind kind = isBinary ? RemarkKind.BinaryHolds : RemarkKind.AsciiHolds;
            Add(kind, SettingId.Protocol, settings, remarks);
        }
        if (settings.UsesSasl && !isBinary) Add(RemarkKind.NotSpoken, SettingId.Sasl, settings, remarks);
        if (settings.UsesAsciiAuth && isBinary) Add(RemarkKind.NotSpoken, SettingId.AsciiAuth, settings, remarks);
        SettingId spoken = isBinary ? SettingId.Sasl : SettingId.AsciiAuth;
        if (settings.UdpPortAsked != 0) Add(RemarkKind.UdpIsOff, spoken, settings, remarks);
        if (settings.Credentials.Count == 0) Add(RemarkKind.NobodyKnown, spoken, settings, remarks);
    }

    private static void Add(RemarkKind kind, SettingId id, Settings settings, Remarks remarks) => remarks.Add(
        kind, settings.Source(id), settings.Places.Line(id), settings.Places.Text(id), id);
}
