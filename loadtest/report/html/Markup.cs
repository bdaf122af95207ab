namespace Memcachier.LoadTest.Report.Html;

/// <summary>HTML that is ready: <see cref="HtmlWriter"/> writes it as it is.</summary>
internal readonly record struct Markup(string Text)
{
    public static readonly Markup None = new("");

    public override string ToString() => Text;
}
