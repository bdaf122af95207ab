using System;
using System.Threading.Tasks;
using Memcachier.BootTests.Guests;
using Microsoft.Playwright;
using Xunit;

namespace Memcachier.BootTests.Dashboard;

/// <summary>Debian's Chromium without a screen, one for all tests of the dashboard.</summary>
public sealed class Browser : IAsyncLifetime
{
    public const string Program = "chromium";

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Host.MissingProgram(Program) != null)
            return;
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new() { ExecutablePath = "/usr/bin/" + Program, Timeout = (float)DashboardPage.Bound.TotalMilliseconds });
    }

    public async Task DisposeAsync()
    {
        if (_browser != null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
    }

    /// <summary>A page in a context of its own: no storage of another test's.</summary>
    /// <param name="api">Where the dashboard is.</param>
    /// <param name="scheme">What the user likes better.</param>
    /// <param name="size">Of the window, in CSS pixels.</param>
    /// <param name="bypassCsp">Only for a tool that is put into the page.</param>
    internal async Task<DashboardPage> OpenAsync(
        Uri api, ColorScheme scheme = ColorScheme.Light, (int Width, int Height)? size = null, bool bypassCsp = false)
    {
        (int width, int height) = size ?? DashboardPage.Desktop;
        IBrowserContext context = await _browser!.NewContextAsync(new()
        {
            BaseURL = api.ToString(),
            BypassCSP = bypassCsp,
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            ViewportSize = new() { Width = width, Height = height },
        });
        return await DashboardPage.OpenAsync(context, api);
    }
}
