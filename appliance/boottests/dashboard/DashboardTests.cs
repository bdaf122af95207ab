using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Memcachier.BootTests.Guests;
using Memcachier.BootTests.Load;
using Memcachier.Cli.Instances;
using Memcachier.Cli.Machines;
using Microsoft.Playwright;
using Xunit;
using Xunit.Abstractions;
using static Microsoft.Playwright.Assertions;

namespace Memcachier.BootTests.Dashboard;

/// <summary>The dashboard of the real image in a real browser.</summary>
public sealed partial class DashboardTests : IClassFixture<Browser>
{
    private const int MemoryMiB = 64;
    private const int PollMillis = 100;
    private const string Token = "a-token-for-the-tests";

    // It does nothing, unless somebody makes HTML of it.
    private const string HostileKey = "<img/src=x/onerror=alert(1)>\u202Egnp.exe";

    private readonly Browser _browser;
    private readonly ITestOutputHelper _output;

    public DashboardTests(Browser browser, ITestOutputHelper output)
    {
        _browser = browser;
        _output = output;
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task It_loads_and_lives(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);
        await Expect(page.Page).ToHaveTitleAsync(WithAddress());
        await Expect(page.Page.GetByRole(AriaRole.Article)).ToHaveCountAsync(8);

        // Load, until the page has seen it, and then none, until it has seen that.
        await using (var load = new Visitor(guest.EndPoint))
        {
            await Expect(page.Chart("Requests").Locator(".headline")).ToHaveTextAsync(SomePerSecond());
            await Expect(page.Chart("Hit ratio").Locator(".headline")).ToHaveTextAsync(SomePercent());
            await Expect(page.Chart("Latency").Locator(".headline")).ToHaveTextAsync(SomeTime());
            await Expect(page.Chart("Network").Locator(".headline")).Not.ToHaveTextAsync("0 B/s");
            await Expect(page.Chart("Connections").Locator(".headline")).ToHaveTextAsync("1");
            await Expect(page.Chart("Requests").Locator("svg")).ToHaveAttributeAsync("aria-label", new Regex("Get hits: now .* most .*/s"));
            await page.ShowAsync("keys");
            await Expect(page.Page.Locator("#hot-rows")).ToContainTextAsync(Visitor.Key);
            await page.ShowAsync("connections");
            await Expect(page.Page.Locator("#connection-rows tr")).ToHaveCountAsync(1);
        }
        await Expect(page.Chart("Requests").Locator(".headline")).ToHaveTextAsync("0/s");
        await Expect(page.Page.Locator("#connection-rows tr")).ToHaveCountAsync(0);
        page.IsClean();
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task It_asks_nothing_while_nobody_looks(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);
        await HideAsync(page, isHidden: true);
        await Task.Delay(2000);
        int count = page.Requests.Count;
        await Task.Delay(3000);
        Assert.Equal(count, page.Requests.Count);
        await HideAsync(page, isHidden: false);
        _ = await page.Page.WaitForRequestAsync("**/api/v1/stats");
        page.IsClean();
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task It_acts_for_those_with_the_token(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, DashboardPage.Bound);
        Assert.Equal("STORED", await connection.SetAsync("k", [1]));
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);

        await page.DoAsync(page.Button("Flush"), "Flush all items");
        await page.GiveTokenAsync("not-the-right-token");
        await Expect(page.Page.Locator("#token-error")).ToHaveTextAsync("The token is wrong.");
        Assert.NotNull(await connection.GetAsync("k"));
        await page.GiveTokenAsync(Token);
        await Expect(page.Notice).ToHaveTextAsync("All items are invalid.");
        Assert.Null(await connection.GetAsync("k"));

        // Asked for once; never in an address, and gone with the tab.
        await page.DoAsync(page.Button("Reset statistics"), "Reset");
        await Expect(page.Notice).ToHaveTextAsync("The statistics begin anew.");
        Assert.DoesNotContain(page.Requests, request => request.Contains(Token, StringComparison.Ordinal));
        Assert.Equal("null", await page.Page.EvaluateAsync<string>("String(localStorage.getItem('memcachier.token')) + document.cookie"));

        await page.ShowAsync("connections");
        await page.DoAsync(page.Page.GetByRole(AriaRole.Button, new() { NameRegex = CloseSomebody() }), "Close it");
        await Expect(page.Notice).ToContainTextAsync("is being closed");
        _ = await Assert.ThrowsAnyAsync<Exception>(() => connection.AskAsync("mn"));

        await page.DoAsync(page.Button("Drain"), "Drain");
        await Expect(page.State).ToHaveTextAsync("drained");
        await Expect(page.Button("Drain")).ToBeHiddenAsync();
        await page.DoAsync(page.Button("Serve again"), "Serve again");
        await Expect(page.State).ToHaveTextAsync("ready");

        await page.Button("Forget token").ClickAsync();
        await page.DoAsync(page.Button("Flush"), "Flush all items");
        await Expect(page.Page.GetByRole(AriaRole.Dialog, new() { Name = "Token" })).ToBeVisibleAsync();
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task A_setting_is_changed_and_seen(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, DashboardPage.Bound);
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);
        ILocator field = page.Page.GetByLabel("idle_timeout", new() { Exact = true });
        ILocator row = page.Page.Locator("#setting-rows li").Filter(new() { Has = field });
        await Expect(field).ToHaveValueAsync("0");
        await Expect(row).ToContainTextAsync("a connection that says nothing for longer is closed");
        await field.FillAsync("600");
        await page.Button("Save idle_timeout").ClickAsync();
        await page.GiveTokenAsync(Token);
        await Expect(page.Notice).ToHaveTextAsync("idle_timeout is 600 seconds now.");
        await Expect(row).ToContainTextAsync("from api; default 0 seconds; in seconds");
        Assert.Equal("600", (await connection.StatsAsync(" settings"))["idle_timeout"]);
        page.IsClean();

        // Browsers tell the console of a 422, too.
        await field.FillAsync("soon");
        await page.Page.Keyboard.PressAsync("Enter");
        await Expect(row.Locator(".error")).ToContainTextAsync("It has to be a number between 0 and ");
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "");
        await Expect(field).ToBeFocusedAsync();
        Assert.Equal("600", (await connection.StatsAsync(" settings"))["idle_timeout"]);
        await page.Button("Default for idle_timeout").ClickAsync();
        await Expect(field).ToHaveValueAsync("0");
        await Expect(row.Locator(".error")).ToBeEmptyAsync();

        // A token that is changed here is the one that this page goes on with.
        await page.Page.GetByLabel("api.token", new() { Exact = true }).FillAsync("another-token-for-the-tests");
        await page.Button("Save api.token").ClickAsync();
        await Expect(page.Notice).ToHaveTextAsync("api.token is changed.");
        await page.DoAsync(page.Button("Reset statistics"), "Reset");
        await Expect(page.Notice).ToHaveTextAsync("The statistics begin anew.");
        await page.Page.Locator("#settings-filter").FillAsync("nothing is called so");
        await Expect(page.Page.Locator("#setting-rows li:visible")).ToHaveCountAsync(0);
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task The_log_is_followed(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);
        ILocator lines = page.Page.Locator("#log-lines p");
        await page.ShowAsync("log");
        await Expect(lines.Filter(new() { HasText = "ready: memcached" })).ToHaveCountAsync(1);
        int count = await lines.CountAsync();
        _ = await page.Page.Locator("#log-level").SelectOptionAsync("error");
        await Expect(lines).ToHaveCountAsync(0);
        _ = await page.Page.Locator("#log-level").SelectOptionAsync("info");
        await Expect(lines).ToHaveCountAsync(count);
        page.IsClean();
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task A_key_is_text_and_can_be_deleted(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, DashboardPage.Bound);
        string key = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(HostileKey));
        Assert.Equal("STORED", await connection.AskAsync($"set {key} 0 0 2000\r\n{new string('x', 2000)}"));
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);

        await page.ShowAsync("keys");
        ILocator hot = page.Page.Locator("#hot-rows button");
        await hot.Or(page.Page.Locator("#hot-note", new() { HasTextRegex = NoLookUps() })).First.WaitForAsync();
        Assert.NotNull(await connection.GetAsync(key));
        await Expect(hot).ToHaveTextAsync("<img/src=x/onerror=alert(1)>\\u{202e}gnp.exe");
        await hot.ClickAsync();
        ILocator answer = page.Page.Locator("#key-answer");
        await Expect(answer).ToContainTextAsync("1.95 KiB (2,000 B)");
        Assert.Equal(0, await page.Page.Locator("img").CountAsync());

        await page.DoAsync(page.Button("Delete this key"), "Delete");
        await page.GiveTokenAsync(Token);
        await Expect(answer).ToHaveTextAsync("Deleted.");
        Assert.Null(await connection.GetAsync(key));
        page.IsClean();

        // Not clean from here on: browsers tell the console of every 404.
        await page.Page.GetByLabel("Key", new() { Exact = true }).FillAsync("nobody's");
        await page.Button("Look up").ClickAsync();
        await Expect(answer).ToHaveTextAsync("There is no such item.");
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task A_machine_that_is_silent_is_told_of_and_waited_for(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);
        await Expect(page.Banner).ToBeHiddenAsync();
        await CommandAsync(guest, "stop");
        await Expect(page.Banner).ToContainTextAsync("The machine does not answer. Last answer at");
        await Expect(page.State).ToHaveTextAsync("no answer");
        await CommandAsync(guest, "cont");
        await Expect(page.Banner).ToBeHiddenAsync();
        await Expect(page.State).ToHaveTextAsync("ready");
        await Expect(page.Notice).ToHaveTextAsync("The machine answers again.");
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task A_capture_is_saved(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        using MemcachedConnection connection = await MemcachedConnection.OpenAsync(guest.EndPoint, DashboardPage.Bound);
        await using DashboardPage page = await _browser.OpenAsync(guest.Api);
        await page.Page.Locator("#capture-port").FillAsync("11211");
        await page.Page.Locator("#capture-seconds").FillAsync("3600");
        await page.Button("Capture").ClickAsync();
        await page.GiveTokenAsync(Token);
        ILocator stop = page.Button("Stop and save");
        await stop.WaitForAsync();
        // What is on its way when it is stopped is not saved: so until the page has told of more than the file's head.
        ILocator state = page.Page.Locator("#capture-state");
        using var limit = new CancellationTokenSource(DashboardPage.Bound);
        do
        {
            Assert.Equal("END", await connection.AskAsync("get needle-in-the-capture"));
            await Task.Delay(PollMillis, limit.Token);
        }
        while (!(await state.TextContentAsync())!.Contains("KiB so far", StringComparison.Ordinal));
        IDownload download = await page.Page.RunAndWaitForDownloadAsync(() => stop.ClickAsync());
        Assert.Matches("^memcachier-[0-9T]+Z?\\.pcap$", download.SuggestedFilename);
        byte[] file = await File.ReadAllBytesAsync(await download.PathAsync());
        Assert.Equal([0xD4, 0xC3, 0xB2, 0xA1], file[..4]);
        Assert.Contains("needle-in-the-capture", Encoding.Latin1.GetString(file), StringComparison.Ordinal);
    }

    [Theory, OnOne(MachineType.MicroVm, Needs = Browser.Program)]
    public async Task Everybody_can_use_it(Accelerator accelerator, MachineType machine)
    {
        await using Guest guest = await BootAsync(accelerator, machine);
        await using var load = new Visitor(guest.EndPoint);
        foreach (ColorScheme scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            foreach ((int Width, int Height) size in new[] { DashboardPage.Desktop, DashboardPage.Phone })
            {
                await using DashboardPage page = await _browser.OpenAsync(guest.Api, scheme, size, bypassCsp: true);
                // What is asked for only when it is seen: everything is to be there.
                foreach ((string section, string row) in new[] { ("log", "#log-lines p"), ("connections", "#connection-rows tr"), ("keys", "#hot-rows tr") })
                {
                    await page.ShowAsync(section);
                    await page.Page.Locator(row).First.WaitForAsync();
                }
                await IsAccessibleAsync(page, $"{scheme} {size.Width}");
                bool isWider = await page.Page.EvaluateAsync<bool>("document.documentElement.scrollWidth > innerWidth");
                Assert.False(isWider, $"at {size.Width} pixels one has to scroll sideways");

                await page.Button("Flush").ClickAsync();
                await IsAccessibleAsync(page, $"{scheme} {size.Width}, a question");
                await page.Page.Keyboard.PressAsync("Escape");
                await page.Button("Enter token").ClickAsync();
                await IsAccessibleAsync(page, $"{scheme} {size.Width}, the token");
                await page.Page.Keyboard.PressAsync("Escape");
                await CommandAsync(guest, "stop");
                try
                {
                    await Expect(page.Banner).ToBeVisibleAsync();
                    await IsAccessibleAsync(page, $"{scheme} {size.Width}, no answer");
                }
                finally
                {
                    await CommandAsync(guest, "cont");
                }
            }
        }
    }

    private Task<Guest> BootAsync(Accelerator accelerator, MachineType machine) =>
        Guest.BootAsync(accelerator, machine, _output, MemoryMiB, "api.token=" + Token);

    private static async Task IsAccessibleAsync(DashboardPage page, string where)
    {
        AxeResult result = await page.Page.RunAxe();
        IEnumerable<string> violations = result.Violations.SelectMany(violation => violation.Nodes.Select(
            node => $"{where}: {violation.Id}: {violation.Help}: {node.Html}: {string.Join(' ', node.Any.Select(check => check.Message))}"));
        Assert.Equal("", string.Join('\n', violations));
        Assert.NotEmpty(result.Passes);
    }

    private static Task HideAsync(DashboardPage page, bool isHidden) => page.Page.EvaluateAsync(
        "(isHidden) => { Object.defineProperty(document, 'hidden', { value: isHidden, configurable: true }); document.dispatchEvent(new Event('visibilitychange')); }",
        isHidden);

    private static async Task CommandAsync(Guest guest, string command) =>
        Assert.True(await QmpClient.TryExecuteAsync(guest.QmpSocket, command, DashboardPage.Bound, CancellationToken.None));

    [GeneratedRegex(@"^Memcachier [\d.]+$")]
    private static partial Regex WithAddress();

    [GeneratedRegex(@"^[1-9][\d,.]*K?/s$")]
    private static partial Regex SomePerSecond();

    [GeneratedRegex(@"^[\d.]+ %$")]
    private static partial Regex SomePercent();

    [GeneratedRegex(@"^[1-9][\d.]* (µs|ms|s)$")]
    private static partial Regex SomeTime();

    [GeneratedRegex("^Close 1")]
    private static partial Regex CloseSomebody();

    [GeneratedRegex("no look-ups")]
    private static partial Regex NoLookUps();
}
