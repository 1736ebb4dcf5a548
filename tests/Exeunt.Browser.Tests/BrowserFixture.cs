using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Exeunt.App;
using Exeunt.App.Data;
using Exeunt.App.Features.Clock;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>All browser tests share one company and one Chromium, and run one after the other.</summary>
[CollectionDefinition(nameof(InBrowser))]
public sealed class InBrowser : ICollectionFixture<BrowserFixture>;

/// <summary>
/// Journeys that move the business date by years have a company of their own: in the first one the contracts of the demo would have run
/// out before the others come to them. They run after those.
/// </summary>
[CollectionDefinition(nameof(InBrowserForYears), DisableParallelization = true)]
public sealed class InBrowserForYears : ICollectionFixture<BrowserFixture>;

/// <summary>The demo company on SQLite with its background worker, and a Chromium to look at it with.</summary>
public sealed partial class BrowserFixture : IAsyncLifetime
{
    /// <summary>Widths of a desk and of a phone.</summary>
    public const int Desk = 1300, Phone = 390;

    private IPlaywright _playwright = null!;
    private IBrowser _chromium = null!;

    public ExeuntApp App { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        App = await ExeuntApp.Start(Database.Sqlite, o => o with { Demo = true, Worker = true }, new FakeTime(FakeTime.Start, flows: true));
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("EXEUNT_CHROMIUM") is { Length: > 0 } named ? named : "/usr/bin/chromium",
            Args =
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            ],
        });
    }

    /// <summary>A fresh browser window: own cookies, a language, a width.</summary>
    public Task<Window> Open(int width = Desk, string language = "en", bool javaScript = true) => Open(App, width, language, javaScript);

    /// <summary>The same, with a member of staff signed in.</summary>
    public Task<Window> Open(Exeunt.Core.Role role, int width = Desk, string language = "en", string unit = "HQ", string name = "") => Open(App, role, width, language, unit, name);

    /// <summary>A window on an installation of a test's own.</summary>
    public async Task<Window> Open(ExeuntApp app, int width, string language, bool javaScript = true)
    {
        var context = await _chromium.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = app.Options.Url,
            Locale = language == "zh" ? "zh-CN" : "en-GB",
            TimezoneId = "Asia/Shanghai",
            ViewportSize = new ViewportSize { Width = width, Height = 900 },
            JavaScriptEnabled = javaScript,
            IsMobile = width < 600,
            HasTouch = width < 600,
        });
        context.SetDefaultTimeout(15_000);
        return new Window(context, await context.NewPageAsync(), width, language);
    }

    /// <summary>The same, with a member of its staff signed in.</summary>
    public async Task<Window> Open(ExeuntApp app, Exeunt.Core.Role role, int width, string language, string unit = "HQ", string name = "")
    {
        var window = await Open(app, width, language);
        using var signedIn = await app.Browser(role, unit, name);
        foreach (System.Net.Cookie cookie in signedIn.Cookies.GetCookies(app.Url))
            await window.Page.Context.AddCookiesAsync([new Cookie { Name = cookie.Name, Value = cookie.Value, Url = app.Options.Url }]);
        return window;
    }

    /// <summary>The window of a customer who follows the newest link to their case that was mailed, and opens it with a code.</summary>
    public async Task<Window> OpenMailed(string mail, int width = Desk, string language = "en")
    {
        string? Link() => App.Mails(mail).SelectMany(m => m.Links).LastOrDefault(l => l.Contains("/progress/", StringComparison.Ordinal));
        await Eventually(() => Task.FromResult(Link() is not null));
        var window = await Open(width, language);
        await window.Goto(new Uri(Link()!).AbsolutePath);
        await window.Page.ClickAsync("form[action$='/code'] button");
        await window.Page.WaitForURLAsync("**/progress/*?done=sent");
        await window.Page.FillAsync("[name=code]", await Code(mail));
        await window.Page.ClickAsync("form[action$='/identity'] button");
        await window.Page.WaitForSelectorAsync("[name=code]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        return window;
    }

    /// <summary>The business date, as a date field wants it.</summary>
    public async Task<string> BusinessDate()
    {
        var on = default(DateOnly);
        await App.With<Clocks>(clocks =>
        {
            on = Clocks.DateIn(clocks.BusinessNow, Clocks.CompanyZone);
            return Task.CompletedTask;
        });
        return on.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
    }

    /// <summary>Writes down the business date that other tests moved in memory, so that the administrator's page goes on from there.</summary>
    public Task StoreBusinessDate() => App.With<IServiceProvider>(async services =>
    {
        var (db, clocks) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Clocks>());
        foreach (var key in new[] { Start.ClockOffsetDays, AdvanceBusinessDate.TargetDays })
            await AdvanceBusinessDate.Set(db, key, (int)clocks.Offset.TotalDays, default);
        db.Audit(new Call(Actor.System, clocks.Now, clocks.BusinessNow), "clock.moved", "clock");
        await db.SaveChangesAsync();
    });

    /// <summary>The newest code that was mailed to an address, once it has come.</summary>
    public async Task<string> Code(string mail)
    {
        var code = "";
        await Eventually(() =>
        {
            code = App.Mails(mail).Select(m => EightDigits().Match(m.Text).Value).LastOrDefault(c => c.Length == 8) ?? "";
            return Task.FromResult(code.Length == 8);
        });
        return code;
    }

    /// <summary>Waits up to two minutes for something to come about; most things do soon.</summary>
    public static async Task Eventually(Func<Task<bool>> holds)
    {
        for (var tries = 1; tries <= 242; tries++)
        {
            if (await holds())
                return;
            await Task.Delay(Math.Min(500, 100 * tries));
        }
        Assert.Fail("It did not come about within two minutes.");
    }

    public async Task DisposeAsync()
    {
        await _chromium.DisposeAsync();
        _playwright.Dispose();
        await App.DisposeAsync();
    }

    [GeneratedRegex(@"\b\d{8}\b")]
    private static partial Regex EightDigits();
}

/// <summary>One browser window, with what every page must satisfy.</summary>
public sealed class Window : IAsyncDisposable
{
    /// <summary>At the address, whether or not everything of the page has loaded: the next click waits for what it clicks.</summary>
    public static readonly PageWaitForURLOptions Arrived = new() { WaitUntil = WaitUntilState.Commit };

    private readonly IBrowserContext _context;
    private readonly List<string> _complaints = [];
    private readonly int _width;
    private readonly string _language;
    private volatile bool _pictured;

    public Window(IBrowserContext context, IPage page, int width, string language)
    {
        (_context, Page, _width, _language) = (context, page, width, language);
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, _) => _pictured = false;
        page.Console += (_, message) =>
        {
            // An answer with an error status is the test's own business; a blocked script or style is not.
            if (message.Type == "error" && !message.Text.Contains("status of", StringComparison.Ordinal))
                _complaints.Add(message.Text);
        };
    }

    public IPage Page { get; }

    /// <summary>Path of the page that is shown, without what follows it.</summary>
    public string Path => new Uri(Page.Url).AbsolutePath;

    public async Task<IResponse> Goto(string path) => (await Page.GotoAsync(path, new PageGotoOptions { WaitUntil = WaitUntilState.Load }))!;

    /// <summary>Saves what is seen to artifacts/screenshots/NAME-LANGUAGE-WIDTH.png.</summary>
    public async Task Shoot(string name)
    {
        var file = System.IO.Path.Combine(Screenshots, $"{name}-{_language}-{_width}.png");
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = file, FullPage = true, Caret = ScreenshotCaret.Initial });
        _pictured = true;
    }

    /// <summary>
    /// What holds for every page: nothing serious by axe, no script error, nothing blocked, not wider than the window. Takes a
    /// picture on the way.
    /// </summary>
    public async Task Check(string name)
    {
        // The camera and axe put styles into the page, which its policy rightly blocks: only what came before counts.
        var complaints = _complaints.ToList();
        await Shoot(name);
        var serious = (await Axe()).Where(v => v.Impact is "serious" or "critical")
            .Select(v => $"{v.Impact} {v.Id}: {v.Help} at {string.Join(" , ", v.Places.Take(5))}").ToList();
        var wider = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (wider > 0)
            serious.Add($"the page is {wider} px wider than the window of {_width} px");
        serious.AddRange(complaints);
        _complaints.Clear();
        if (serious.Count > 0)
            Assert.Fail($"{name} ({_language}, {_width} px), {Page.Url}:\n" + string.Join('\n', serious));
    }

    /// <summary>
    /// Leaves a picture of where the window stood, to look at when a test failed, and closes it. Where nothing was asked of the server since
    /// the last picture, that one must do.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            if (!_pictured)
                await Page.ScreenshotAsync(new PageScreenshotOptions { Path = System.IO.Path.Combine(Last, $"{TimeProvider.System.GetUtcNow():HHmmss}-{Interlocked.Increment(ref _closed)}.png"), FullPage = true });
        }
        catch (PlaywrightException)
        {
            // The page is gone already, or too busy: the test's own message must do.
        }
        await _context.DisposeAsync();
    }

    private static int _closed;

    /// <summary>
    /// What axe finds, asked within the page: the package's own way opens a new page for every answer, which takes longer than the look itself.
    /// Rules that can never say anything serious are left out: a rule's own impact is that of all it finds.
    /// </summary>
    private async Task<List<Violation>> Axe()
    {
        // It is still there where Turbo only exchanged the body.
        if (!await Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await Page.EvaluateAsync(AxeScript);
        return JsonSerializer.Deserialize<List<Violation>>(await Page.EvaluateAsync<string>("""
            axe.run(document, {
              resultTypes: ["violations"], iframes: false,
              rules: Object.fromEntries(axe._audit.rules.filter(r => r.impact === "minor" || r.impact === "moderate").map(r => [r.id, { enabled: false }])),
            }).then(r => JSON.stringify(r.violations.map(v =>
              ({ Id: v.id, Impact: v.impact, Help: v.help, Places: v.nodes.map(n => n.target.join(" ")) }))))
            """))!;
    }

    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    private sealed record Violation(string Id, string? Impact, string Help, IReadOnlyList<string> Places);

    private static string Screenshots { get; } = Directory.CreateDirectory(System.IO.Path.Combine(Root(), "artifacts", "screenshots")).FullName;

    private static string Last { get; } = Directory.CreateDirectory(System.IO.Path.Combine(Screenshots, "last")).FullName;

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Exeunt.slnx")))
                return folder.FullName;
        return AppContext.BaseDirectory;
    }
}
