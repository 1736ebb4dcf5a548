using Exeunt.Core;
using Shouldly;
using Xunit;

namespace Exeunt.Browser.Tests;

/// <summary>The pages of indicators: the list with definitions, a distribution as chart and table, a day without values, a wrong day.</summary>
[Collection(nameof(InBrowser))]
public sealed class IndicatorPagesTests(BrowserFixture browser)
{
    [Theory]
    [InlineData("en", BrowserFixture.Desk)]
    [InlineData("zh", BrowserFixture.Phone)]
    public async Task Show_what_is_measured_and_how_it_spreads(string language, int width)
    {
        await using var window = await browser.Open(Role.Supervisor, width, language);
        foreach (var (path, name, status) in new[]
        {
            ("/watch/indicators", "indicators-list", 200),
            ("/watch/indicators/spend_12m", "indicator-spend", 200),
            ("/watch/indicators/gap_ratio", "indicator-rhythm", 200),
            ("/watch/indicators/churn_state", "indicator-state", 200),
            ("/watch/indicators/usage_12m", "indicator-none", 200),
            ("/watch/indicators/spend_12m?asOf=2031-02-30", "indicator-wrong-day", 422),
        })
        {
            (await window.Goto(path)).Status.ShouldBe(status);
            await window.Check($"{name}-{language}");
        }
    }
}
