using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Packs;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Packs;

/// <summary>Hotels: out the same day, the room looked at before the deposit, and an ending at the desk with its own papers.</summary>
public abstract class HotelPackTests(ExeuntApp app)
{
    [Fact]
    public async Task Lets_the_guest_out_the_same_day_and_settles_the_deposit_after_the_room_was_looked_at()
    {
        await app.Install(Hotel.Pack);
        var it = await app.Ends(await app.AContractOf(Hotel.Policy, change: c => c.Deposit = 2000_00));
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Hotel.CheckOutId);
        (await it.Step("effective")).ShouldBe("Done");
        (await it.OpenWork()).ShouldBe(["cancel-key-cards", "release-room"], ignoreOrder: true);
        await it.Work();
        app.Mails(it.Contract.Mail).ShouldContain(m => m.Subject.Contains("账单", StringComparison.Ordinal) && m.Attachments.Count == 1);
        (await it.Step("certificate")).ShouldBe("Done");
        (await it.Step("money")).ShouldBe("Waiting");
        // The television is broken: by the price list, with a photo.
        await (await app.SignIn(Role.Agent)).Ok(HttpMethod.Post, $"/api/cases/{it.Id}/lines", new { kind = "Damage", entry = "television", evidence = MoneyWorld.Photo, words = "Screen broken" });
        await app.Drain();
        (await it.Line("damage.television")).ShouldBe(2500_00);
        var supervisor = await app.SignIn(Role.Supervisor);
        foreach (var item in new[] { "inspected", "damage", "consumption", "key" })
            await supervisor.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/checks", new { item });
        await app.Drain();
        (await it.Step("money")).ShouldBe("Done");
        await it.Pay();
        await it.Closes();
    }

    [Fact]
    public async Task Ends_at_the_desk_with_key_cards_cancelled_a_record_and_another_persons_review()
    {
        await app.Install(Hotel.Pack);
        var contract = await app.AContractOf(Hotel.Policy);
        var it = await EndedAtTheDesk(app, contract);
        (await it.Case()).GetProperty("procedure").GetString().ShouldBe(Hotel.ImmediateId);
        app.Mails(contract.Mail).ShouldContain(m => m.Attachments.Keys.Any(k => k.EndsWith("-notice.pdf", StringComparison.Ordinal)));
        (await it.OpenWork()).ShouldBe(["cancel-key-cards"]);
        var supervisor = await app.SignIn(Role.Supervisor);
        foreach (var item in new[] { "report", "police", "belongings", "lodging" })
            await supervisor.Ok(HttpMethod.Post, $"/api/cases/{it.Id}/checks", new { item });
        await it.Work();
        (await it.Step("settle")).ShouldBe("Waiting");
        var off = new AnOffboarding(app, contract, it.Id);
        var digest = (await off.View()).GetProperty("decisionDigest").GetString();
        await (await app.SignIn(Role.BranchHead, name: "other")).Ok(HttpMethod.Post, off.Path("decision/approval"), new { digest, words = "I read the record." });
        await app.AdvanceDays(1);
        (await it.Step("room-check")).ShouldBe("Active");
        await app.ShouldFold(it.Id);
    }

    /// <summary>Ended on the spot by the branch head.</summary>
    public static async Task<APackCase> EndedAtTheDesk(ExeuntApp app, CaseWorld.AContract contract)
    {
        var told = app.Time.GetUtcNow() + await app.With<Exeunt.App.Platform.Clocks, TimeSpan>(c => Task.FromResult(c.Offset));
        var id = (await (await app.SignIn(Role.BranchHead)).Ok(HttpMethod.Post, "/api/offboardings/immediate", new
        {
            customerId = contract.CustomerId, contractId = contract.ContractId, ground = "DANGER", words = "威胁员工", codes = new[] { "A08" }, reasons = "Staff were attacked at the desk.",
            toldAt = told, toldTo = "本人", files = new[] { new { name = "police.pdf", content = MoneyWorld.Receipt } },
        })).GetProperty("caseId").GetGuid();
        await app.Drain();
        return new APackCase(app, contract, id, app.Client(), "");
    }

    public sealed class OnSqlite(SqliteApp app) : HotelPackTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : HotelPackTests(app), IClassFixture<PostgresApp>;
}
