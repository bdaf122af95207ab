using System;
using System.Collections.Concurrent;
using System.Threading.Tasks;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace Memcachier.BootTests.Dashboard;

/// <summary>The dashboard in a browser, and everything it asked for and complained about.</summary>
internal sealed class DashboardPage : IAsyncDisposable
{
    public static readonly (int Width, int Height) Desktop = (1280, 900);
    public static readonly (int Width, int Height) Phone = (390, 844);

    /// <summary>For every single wait: the host may have other things to do.</summary>
    public static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    private readonly Uri _api;
    private readonly ConcurrentQueue<string> _complaints = new();

    private DashboardPage(IPage page, Uri api)
    {
        Page = page;
        _api = api;
    }

    public IPage Page { get; }

    /// <summary>Paths and queries of the requests so far.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public static async Task<DashboardPage> OpenAsync(IBrowserContext context, Uri api)
    {
        SetDefaultExpectTimeout((float)Bound.TotalMilliseconds);
        context.SetDefaultTimeout((float)Bound.TotalMilliseconds);
        var page = new DashboardPage(await context.NewPageAsync(), api);
        page.Listen();
        _ = await page.Page.GotoAsync("/");
        await Expect(page.State).ToHaveTextAsync("ready");
        return page;
    }

    public ILocator State => Page.Locator("#state");

    public ILocator Banner => Page.Locator("#banner");

    public ILocator Notice => Page.Locator("#notice");

    /// <summary>The card of a chart.</summary>
    public ILocator Chart(string title) =>
        Page.GetByRole(AriaRole.Article).Filter(new() { Has = Page.GetByRole(AriaRole.Heading, new() { Name = title, Exact = true }) });

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    /// <summary>Follows the link to a section. Lists are asked for while they are in sight.</summary>
    public Task ShowAsync(string section) => Page.Locator($"nav a[href='#{section}']").ClickAsync();

    /// <summary>Presses a button, and the button with which the dialog behind it is confirmed.</summary>
    public async Task DoAsync(ILocator button, string verb)
    {
        await button.ClickAsync();
        ILocator dialog = Page.GetByRole(AriaRole.Dialog);
        await Expect(dialog.GetByRole(AriaRole.Button, new() { Name = "Cancel" })).ToBeFocusedAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = verb, Exact = true }).ClickAsync();
    }

    public async Task GiveTokenAsync(string token)
    {
        ILocator dialog = Page.GetByRole(AriaRole.Dialog, new() { Name = "Token" });
        await dialog.GetByLabel("Token", new() { Exact = true }).Last.FillAsync(token);
        await Page.Keyboard.PressAsync("Enter");
    }

    /// <summary>No error on the console, no exception, no failed request, nobody else asked.</summary>
    public void IsClean() => Assert.Equal("", string.Join('\n', _complaints));

    public async ValueTask DisposeAsync() => await Page.Context.CloseAsync();

    private void Listen()
    {
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _complaints.Enqueue($"console: {message.Text}");
        };
        Page.PageError += (_, error) => _complaints.Enqueue($"exception: {error}");
        Page.RequestFailed += (_, request) => _complaints.Enqueue($"failed: {request.Url}: {request.Failure}");
        Page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                _complaints.Enqueue($"{response.Status}: {response.Url}");
        };
        Page.Request += (_, request) =>
        {
            var asked = new Uri(request.Url);
            Requests.Enqueue(asked.PathAndQuery);
            if (asked.Scheme is not ("data" or "blob") && asked.Authority != _api.Authority)
                _complaints.Enqueue($"somebody else is asked: {request.Url}");
        };
        Page.Dialog += (_, dialog) => _complaints.Enqueue($"a script of somebody else's ran: {dialog.Message}");
    }
}
