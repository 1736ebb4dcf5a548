using System.Net.Http.Json;
using Exeunt.App.Data;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>
/// What only one trade does, written as a question to any installed pack: the answer is yes of its own and no of every other, so that no
/// pack is another one under a new name.
/// </summary>
public abstract class PackCharacterTests(ExeuntApp app)
{
    private static readonly Dictionary<string, Func<ExeuntApp, Pack, Task<bool>>> Characters = new()
    {
        ["saas"] = CertifiesByTheConnectedSystemAlone,
        ["telecom"] = ReleasesTheNumberAfterBackUpAndCleanUp,
        ["prepaid-cards"] = PaysInterestOnWhatIsLeftWithoutATalk,
        ["manufacturer"] = CountsTheStockAfterTheLastDayBeforeTheMoney,
        ["hotel"] = CancelsTheKeysAtTheDesk,
        ["bank"] = DemandsBeforeAnybodyTalks,
        ["insurer"] = EndsOnlyWithThePledgeesPaper,
    };

    public static TheoryData<string> Codes => [.. Core.Packs.Packs.All.Select(p => p.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task A_pack_does_what_its_trade_does_and_no_other_pack_does(string code)
    {
        await using var system = await app.Provisioning();
        foreach (var pack in Core.Packs.Packs.All)
        {
            await app.Install(pack);
            (await Characters[code](app, pack)).ShouldBe(pack.Code == code, $"what {code} does, asked of {pack.Code}");
        }
    }

    /// <summary>Applied, and the connected system did its work: is the certificate there, without the clock or anybody of ours?</summary>
    private static async Task<bool> CertifiesByTheConnectedSystemAlone(ExeuntApp app, Pack pack)
    {
        var it = await app.Ends(await app.AContractOf(pack.Policies[0]));
        await it.SystemWorks();
        return await it.Step("certificate") == "Done"
            && await app.With<AppDb, bool>(async db => !await db.CaseEvents.AnyAsync(e => e.CaseId == it.Id && e.By.StartsWith("staff:")));
    }

    /// <summary>Once the contract has ended: is the number the last thing to go, after back-up and clean-up are confirmed?</summary>
    private static async Task<bool> ReleasesTheNumberAfterBackUpAndCleanUp(ExeuntApp app, Pack pack)
    {
        var it = await Ended(app, pack);
        var order = new List<string>();
        for (var turn = 0; turn < 4 && await it.OpenWork() is { Count: > 0 } open; turn++)
        {
            order.AddRange(open);
            await it.Work();
        }
        return order.FindIndex(t => t.StartsWith("back-up", StringComparison.Ordinal)) is >= 0 and var backUp && order.IndexOf("stop-service") > backUp && order.IndexOf("release-number") > order.IndexOf("stop-service");
    }

    /// <summary>A card, applied for, nobody talked: does the settlement already stand, by list price and with a line for interest?</summary>
    private static async Task<bool> PaysInterestOnWhatIsLeftWithoutATalk(ExeuntApp app, Pack pack)
    {
        var today = await app.Today();
        var it = await app.Ends(await app.AContractOf(pack.Policies[0], change: c => PackWorld.Card(c, today.AddDays(-90))));
        return await it.Line("prepaid") == -400_00 && await it.Line("prepaidInterest") is not null;
    }

    /// <summary>After the last day: does the approval of the money wait for a count of the stock?</summary>
    private static async Task<bool> CountsTheStockAfterTheLastDayBeforeTheMoney(ExeuntApp app, Pack pack)
    {
        var it = await Ended(app, pack);
        return await it.Step("approve") == "Waiting" && (await (await app.SignIn(Role.Supervisor)).PostAsJsonAsync($"/api/cases/{it.Id}/checks", new { item = "counted" })).IsSuccessStatusCode;
    }

    /// <summary>Opened for arrears: is a demand with a day to pay out before anybody talked, and does no suspension follow it?</summary>
    private static async Task<bool> DemandsBeforeAnybodyTalks(ExeuntApp app, Pack pack)
    {
        var today = await app.Today();
        var contract = await app.AContractOf(pack.Policies[0], unpaid: 100_00, change: c => c.UnpaidDueOn = today.AddDays(-40));
        var opened = await (await app.SignIn(Role.AccountManager)).Ok(HttpMethod.Post, "/api/offboardings", OffboardingWorld.Evidence(contract, "OFFBOARD_ARREARS", ["Arrears"], photo: false));
        await app.Drain();
        var it = new APackCase(app, contract, opened.GetProperty("caseId").GetGuid(), app.Client(), "");
        var demanded = app.Mails(contract.Mail).Any(m => m.Subject.StartsWith("催告函", StringComparison.Ordinal) && m.Text.Contains($"{today.AddDays(Bank.DemandDays):yyyy-MM-dd}", StringComparison.Ordinal));
        await app.AdvanceDays(2);
        return demanded && await it.Step("talk") == "Active" && (await it.OpenWork()).Count == 0;
    }

    /// <summary>Pledged: does the end itself wait for the pledgee, refuse a tick without a paper, and go with one?</summary>
    private static async Task<bool> EndsOnlyWithThePledgeesPaper(ExeuntApp app, Pack pack)
    {
        var it = await app.Ends(await app.AContractOf(pack.Policies[0], change: c => c.Rights = Features.Contracts.PolicyRight.Pledged));
        if (await it.Step("effective") != "Waiting")
            return false;
        var supervisor = await app.SignIn(Role.Supervisor);
        return await InsurerPackTests.Refusal(supervisor, it, new { item = "pledge" }) == "offboarding.evidence-needed"
            && await InsurerPackTests.Refusal(supervisor, it, new { item = "pledge", evidence = MoneyWorld.Receipt }) == "" && await it.Step("effective") == "Active";
    }

    /// <summary>Ended on the spot: are the key cards cancelled at once, and is there a record of the incident to write?</summary>
    private static async Task<bool> CancelsTheKeysAtTheDesk(ExeuntApp app, Pack pack)
    {
        var contract = await app.AContractOf(pack.Policies[0]);
        var it = await HotelPackTests.EndedAtTheDesk(app, contract);
        return (await it.OpenWork()).SequenceEqual(["cancel-key-cards"]) && await it.Step("incident") == "Active";
    }

    /// <summary>A customer's case after its last day, talked to where that is asked for.</summary>
    private static async Task<APackCase> Ended(ExeuntApp app, Pack pack)
    {
        var it = await app.Ends(await app.AContractOf(pack.Policies[0]));
        if (await it.Step("talk") == "Active")
            await it.Talk("PRICE/TOO_HIGH");
        await app.Drain();
        var last = DateOnly.Parse((await it.Case()).GetProperty("effectiveOn").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        await app.AdvanceDays(Math.Max(0, last.DayNumber - (await app.Today()).DayNumber + 1));
        await app.Drain();
        return it;
    }

    public sealed class OnSqlite(SqliteApp app) : PackCharacterTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PackCharacterTests(app), IClassFixture<PostgresApp>;
}
