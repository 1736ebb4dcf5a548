using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Standards;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Offboarding;
using Exeunt.App.Tests.Policies;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Offers;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using Fact = Exeunt.Core.Activity.Fact;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Tests.Standards;

/// <summary>Standards from the draft to the case, by the REST API and the pages.</summary>
public abstract class TheStandards(ExeuntApp app)
{
    private static int _next;

    private static Standard LowValue(string id, string text = "spend_12m < 500 CNY and orders_12m < 3") =>
        new(id, 1, new("Low value", "低价值客户"), StandardPurpose.Offboarding, StandardAction.OpenOffboarding, ConditionText.Read(text).Condition!, "OFFBOARD_COMMERCIAL", Role.BranchHead);

    private static string NewId() => $"low-value-{Interlocked.Increment(ref _next)}";

    [Xunit.Fact]
    public async Task A_standard_is_written_tried_published_and_leads_to_a_case()
    {
        var contract = await app.AContractInForce();
        await Months(contract.CustomerId, 300_00, 5);
        var id = NewId();
        var draft = await app.Post(Role.Supervisor, "/api/standards", StandardDocument.ToJson(LowValue(id)));
        var path = $"/api/standards/{id}/1";
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.BranchHead, $"{path}/sign", Digest(draft));
        (await app.Refused(Role.Supervisor, $"{path}/publish")).ShouldBe("version.not-signed");
        await app.Post(Role.Legal, $"{path}/sign", Digest(draft));

        // Signed, but never tried; a back-test of another content does not count.
        (await app.Refused(Role.Supervisor, $"{path}/publish")).ShouldBe("standard.no-backtest");
        var started = await app.Post(Role.Supervisor, $"{path}/backtest");
        (await app.Refused(Role.Supervisor, $"{path}/backtest")).ShouldBe("standard.backtest-running");
        (await app.Refused(Role.Supervisor, $"{path}/publish")).ShouldBe("standard.no-backtest");
        await app.Drain();
        var report = BacktestReport.Read((await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/standards/backtests/{started["backtestId"]}")).GetRawText());
        report.Digest.ShouldBe(draft["digest"]!.GetValue<string>());
        report.Months.Count.ShouldBe(24);
        report.Months[^1].Listed.ShouldBeGreaterThan(0);
        await app.Post(Role.Supervisor, $"{path}/publish");
        var kept = await app.With<AppDb, StandardBacktest>(db => db.Backtests.AsNoTracking().SingleAsync(b => b.StandardId == id));
        kept.IsAttached.ShouldBeTrue();
        kept.ReportHash.ShouldBe(BacktestReport.HashOf(kept.Report!));

        // It is evaluated at once; a second evaluation changes nothing.
        await app.Drain();
        var listing = (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId);
        (listing.State, listing.OpenedOn, listing.ClosedOn).ShouldBe((ListingState.Waiting, await app.Today(), null));
        StandardDocument.ReasonsOf(listing.Reason).Select(r => (r.Indicator, r.Value)).ShouldBe([("spend_12m", 300_00), ("orders_12m", 1)]);
        var before = (await Listings(id)).Count;
        await app.Post(Role.Analyst, "/api/standards/evaluate");
        await app.Drain();
        (await Listings(id)).Count.ShouldBe(before);

        // Whose role it is, decides with own grounds; nobody twice.
        var open = new JsonObject { ["words"] = "looked at orders and talks of the year" }.ToJsonString();
        (await app.Refused(Role.AccountManager, $"/api/listings/{listing.Id}/case", open)).ShouldBe("listing.other-role");
        (await app.Refused(Role.BranchHead, $"/api/listings/{listing.Id}/case", "{}")).ShouldBe("required");
        (await app.Refused(Role.BranchHead, $"/api/listings/{listing.Id}/close", """{"done":false}""")).ShouldBe("listing.no-reason");
        (await app.Refused(Role.BranchHead, $"/api/listings/{listing.Id}/close", """{"done":true}""")).ShouldBe("listing.no-reason");
        var opened = await app.Post(Role.BranchHead, $"/api/listings/{listing.Id}/case", open);
        opened["number"]!.GetValue<string>().ShouldStartWith("O-");
        (await app.Refused(Role.BranchHead, $"/api/listings/{listing.Id}/case", open)).ShouldBe("listing.decided");
        await app.Drain();
        listing = (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId);
        (listing.State, $"{listing.CaseId}").ShouldBe((ListingState.CaseOpened, opened["caseId"]!.GetValue<string>()));
        var view = await (await app.SignIn(Role.Auditor)).Ok(HttpMethod.Get, $"/api/cases/{listing.CaseId}/offboarding");
        view.GetProperty("evidence").EnumerateArray().Select(e => e.GetProperty("kind").GetString()).ShouldBe(["Text", "Fact"]);

        // The page of results tells the reason in words, the name masked.
        using var head = await app.Browser(Role.BranchHead, language: "zh");
        var page = await head.Get($"/listings?standard={id}&customer={contract.CustomerId}");
        page.Text.ShouldContain("近 12 个月净消费 300.00 CNY（低于 500.00 CNY）");
        page.Text.ShouldNotContain("王小芳");
        page = await head.Get($"/listings/{listing.Id}");
        page.Text.ShouldContain(opened["number"]!.GetValue<string>());
    }

    [Xunit.Fact]
    public async Task Changes_are_written_and_nobody_is_judged_who_must_not_be()
    {
        var (poor, rich, silent, objecting) = (await app.AContractInForce(), await app.AContractInForce(), await app.AContractInForce(), await app.AContractInForce());
        foreach (var one in new[] { poor, objecting })
            await Months(one.CustomerId, 20_00, 4);
        await Months(rich.CustomerId, 9_000_00, 4);
        await app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == objecting.CustomerId)).ObjectedAt = DateTimeOffset.UnixEpoch;
            db.Audit(await app.SystemCall(), "test.objected", $"customer:{objecting.CustomerId}");
            await db.SaveChangesAsync();
        });
        var id = NewId();
        await Publish(LowValue(id, "spend_12m < 100 CNY"));

        (await Listings(id)).Select(l => l.CustomerId).ShouldContain(poor.CustomerId);
        foreach (var other in new[] { rich, silent, objecting })
            (await Listings(id)).Select(l => l.CustomerId).ShouldNotContain(other.CustomerId);

        // A part that is run again, by this node or another, writes nothing twice.
        var again = await app.With<AppDb, Effect>(async db => await db.Effects.AsNoTracking().OrderByDescending(e => e.Id).FirstAsync(e => e.Kind == EvaluatePart.Kind));
        await app.With<AppDb>(async db =>
        {
            foreach (var copy in new[] { "a", "b" })
                db.Enqueue(new Effect { Kind = EvaluatePart.Kind, Key = $"again-{id}-{copy}", Payload = again.Payload, DueAt = DateTimeOffset.UnixEpoch, Clock = EffectClock.Real });
            await db.SaveChangesAsync();
        });
        await app.Drain();
        (await Listings(id)).Count(l => l.CustomerId == poor.CustomerId).ShouldBe(1);

        // The customer buys again; the night notices it.
        await Months(poor.CustomerId, 20_00, 4, (700_00, 1));
        await app.AdvanceDays(2);
        var gone = (await Listings(id)).Single(l => l.CustomerId == poor.CustomerId);
        (gone.End, gone.State).ShouldBe((ListingEnd.NotMet, ListingState.Lapsed));
        gone.ClosedOn.ShouldNotBeNull();

        // Another version takes the place of the one before, and a case that is not decided yet starts anew.
        await Months(poor.CustomerId, 20_00, 4);
        await app.AdvanceDays(1);
        (await Listings(id)).Count(l => l.CustomerId == poor.CustomerId && l.ClosedOn == null).ShouldBe(1);
        await Publish(LowValue(id, "spend_12m < 90 CNY"));
        var lists = (await Listings(id)).Where(l => l.CustomerId == poor.CustomerId).OrderBy(l => l.Version).ThenBy(l => l.OpenedOn).ToList();
        lists.Select(l => (l.Version, l.End)).ShouldBe([(1, ListingEnd.NotMet), (1, ListingEnd.Superseded), (2, null)]);
    }

    [Xunit.Fact]
    public async Task A_new_version_lists_only_whom_its_own_condition_finds_and_says_why()
    {
        var (waiting, decided) = (await app.AContractInForce(), await app.AContractInForce());
        foreach (var one in new[] { waiting, decided })
            await Months(one.CustomerId, 330_00, 5);
        var id = NewId();
        await Publish(LowValue(id));
        var first = (await Of(decided)).Single();
        var opened = await app.Post(Role.BranchHead, $"/api/listings/{first.Id}/case", """{"words":"looked at the orders of the year"}""");

        // Both meet the second version too: who waits is asked about anew, the case that was opened goes on.
        await Publish(LowValue(id, "spend_12m < 400 CNY") with { Grace = new(1, 3) });
        (await Of(waiting)).Select(l => (l.Version, l.State, l.End)).ShouldBe([(1, ListingState.Lapsed, ListingEnd.Superseded), (2, ListingState.Waiting, null)]);
        (await Of(decided)).Select(l => (l.Version, l.State, l.End)).ShouldBe([(1, ListingState.CaseOpened, ListingEnd.Superseded), (2, ListingState.CaseOpened, null)]);
        (await Of(decided)).ShouldAllBe(l => $"{l.CaseId}" == opened["caseId"]!.GetValue<string>());

        // Nobody meets the third: its months of grace keep nobody whom it never listed.
        await Publish(LowValue(id, "spend_12m < 1 CNY and orders_12m >= 50") with { Grace = new(1, 3) });
        foreach (var (one, state) in new[] { (waiting, ListingState.Lapsed), (decided, ListingState.CaseOpened) })
        {
            (await Of(one)).Select(l => l.Version).ShouldBe([1, 2]);
            var last = (await Of(one))[^1];
            (last.State, last.End, last.ClosedOn).ShouldBe((state, ListingEnd.Superseded, await app.Today()));
        }
        (await Listings(id)).ShouldAllBe(l => StandardDocument.ReasonsOf(l.Reason).Count > 0);
        var exit = Guid.Parse(opened["caseId"]!.GetValue<string>());
        (await app.TheCase(exit)).State.ShouldNotBe(Core.Cases.CaseState.Closed);

        async Task<List<StandardListing>> Of(CaseWorld.AContract one) => (await Listings(id)).Where(l => l.CustomerId == one.CustomerId).OrderBy(l => l.Version).ToList();
    }

    [Xunit.Fact]
    public async Task The_months_of_grace_keep_a_listing_of_the_same_version()
    {
        var contract = await app.AContractInForce();
        await Months(contract.CustomerId, 20_00, 4);
        var id = NewId();
        await Publish(LowValue(id, "spend_12m < 100 CNY") with { Grace = new(1, 2) });
        await Months(contract.CustomerId, 20_00, 4, (700_00, 1));
        await app.AdvanceDays(1);
        (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId).ClosedOn.ShouldBeNull("it fails for less than two months");
    }

    [Xunit.Fact]
    public async Task A_listing_goes_with_the_customer_to_another_unit()
    {
        var contract = await app.AContractInForce();
        await Months(contract.CustomerId, 20_00, 4);
        foreach (var unit in new[] { "WEST", "EAST" })
            await app.Staff(Role.BranchHead, unit: unit);
        await MoveTo("WEST");
        var id = NewId();
        await Publish(LowValue(id, "spend_12m < 100 CNY"));
        var listing = (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId);
        var close = new { done = false, reason = "Explained" };
        using var west = await app.SignIn(Role.BranchHead, unit: "WEST");
        using var east = await app.SignIn(Role.BranchHead, unit: "EAST");
        (await east.Refused($"/api/listings/{listing.Id}/close", close)).ShouldBe("not-found");
        (await Seen("WEST"), await Seen("EAST")).ShouldBe((true, false));

        await MoveTo("EAST");

        (await Seen("WEST"), await Seen("EAST")).ShouldBe((false, true));
        (await west.Refused($"/api/listings/{listing.Id}/close", close)).ShouldBe("not-found");
        (await east.PostAsJsonAsync($"/api/listings/{listing.Id}/close", close)).EnsureSuccessStatusCode();
        (await Listings(id)).Single(l => l.Id == listing.Id).State.ShouldBe(ListingState.Dismissed);

        async Task<bool> Seen(string unit)
        {
            using var head = await app.Browser(Role.BranchHead, unit: unit);
            var (list, one, today) = (await head.Get($"/listings?standard={id}"), await head.Get($"/listings/{listing.Id}"), await head.Get("/today"));
            var seen = one.Status == 200;
            list.Document.QuerySelectorAll($"a[href='/listings/{listing.Id}']").Length.ShouldBe(seen ? 1 : 0);
            today.Document.QuerySelectorAll($"a[href^='/listings?standard={id}']").Length.ShouldBe(seen ? 1 : 0);
            if (seen)
                list.Text.ShouldContain(unit);
            return seen;
        }

        Task MoveTo(string unit) => app.With<AppDb>(async db =>
        {
            (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).UnitId = await db.Units.Where(u => u.Code == unit).Select(u => u.Id).SingleAsync();
            db.Audit(await app.SystemCall(), "test.moved", $"customer:{contract.CustomerId}");
            await db.SaveChangesAsync();
        });
    }

    [Xunit.Fact]
    public async Task Who_sees_some_units_only_sees_the_figures_of_their_customers()
    {
        var (one, two, other) = (await app.AContractInForce(), await app.AContractInForce(), await app.AContractInForce());
        foreach (var (contract, unit, amount) in new[] { (one, "NORTH", 20_00), (two, "NORTH", 30_00), (other, "SOUTH", 40_00) })
        {
            await Months(contract.CustomerId, amount, 4);
            await app.Staff(Role.BranchHead, unit: unit);
            await app.With<AppDb>(async db =>
            {
                (await db.Customers.SingleAsync(c => c.Id == contract.CustomerId)).UnitId = await db.Units.Where(u => u.Code == unit).Select(u => u.Id).SingleAsync();
                db.Audit(await app.SystemCall(), "test.moved", $"customer:{contract.CustomerId}");
                await db.SaveChangesAsync();
            });
        }
        var id = NewId();
        var draft = await app.Post(Role.Supervisor, "/api/standards", StandardDocument.ToJson(LowValue(id, "spend_12m < 100 CNY")));
        var path = $"/api/standards/{id}/1";
        var test = (await app.Post(Role.Supervisor, $"{path}/backtest"))["backtestId"]!.GetValue<Guid>();
        await app.Drain();

        // It ran over all customers; each sees those of their units, and the page says which.
        var (all, north, south) = (await Seen(Role.Supervisor, "HQ"), await Seen(Role.BranchHead, "NORTH"), await Seen(Role.BranchHead, "SOUTH"));
        all.Units.ShouldBeNull();
        all.Months[^1].Listed.ShouldBeGreaterThanOrEqualTo(3);
        string.Join(' ', north.Units!).ShouldBe("NORTH");
        (north.Customers, north.Months[^1].Evaluated, north.Months[^1].Listed, north.Months[^1].Revenue.Single().Minor).ShouldBe((2, 2, 2, 50_00));
        (south.Customers, south.Months[^1].Evaluated, south.Months[^1].Listed, south.Months[^1].Revenue.Single().Minor).ShouldBe((1, 1, 1, 40_00));
        (north.Digest, north.Open, north.Curve!.Points.Count, north.ChurnDefinition).ShouldBe((all.Digest, all.Open, all.Curve!.Points.Count, all.ChurnDefinition));
        north.Curve.Points.ShouldAllBe(p => p.Listed <= 2);
        (await (await app.SignIn(Role.Agent, unit: "NORTH")).GetAsync($"/api/standards/backtests/{test}")).StatusCode.ShouldBe(System.Net.HttpStatusCode.NotFound, "agents watch no unit");
        using var head = await app.Browser(Role.BranchHead, unit: "NORTH");
        var page = await head.Get($"/backtests/{test}");
        page.Text.ShouldContain("Figures only of customers of NORTH and below whom the standard is for");
        page.Text.ShouldNotContain("SHA-256");
        page.Text.ShouldNotContain("SOUTH");
        (await head.Get($"/backtests/{test}/report.json")).Html.ShouldContain("\"units\":[\"NORTH\"]");
        using var supervisor = await app.Browser(Role.Supervisor);
        page = await supervisor.Get($"/backtests/{test}");
        page.Text.ShouldContain("Figures of all customers whom the standard is for");
        page.Text.ShouldContain("SHA-256");

        // So it is while one writes.
        using var author = await app.Browser(Role.Supervisor, unit: "NORTH");
        await author.Get("/standards/new");
        page = await author.Submit("Check", new Dictionary<string, string> { ["when"] = "spend_12m < 100 CNY" });
        page.Of("#policy-example .kpi b").ShouldBe("2");
        page.Text.ShouldContain("Figures only of NORTH with everything below");

        // What a version was published with is whole for whoever may publish, and for nobody else.
        await Sign(id, 1, draft);
        await app.Post(Role.Supervisor, $"{path}/publish");
        await app.Drain();
        (await Seen(Role.BranchHead, "NORTH")).ToJson().ShouldBe(all.ToJson());
        (await head.Get($"/backtests/{test}")).Text.ShouldContain("Figures of all customers whom the standard is for");
        (await Seen(Role.AccountManager, "NORTH")).ToJson().ShouldBe(north.ToJson());

        // One from before figures were kept by unit cannot tell them.
        await app.With<AppDb>(async db => await db.Write(ct => db.Set<BacktestUnit>().Where(u => u.BacktestId == test).ExecuteDeleteAsync(ct), default));
        using var manager = await app.SignIn(Role.AccountManager, unit: "NORTH");
        (await (await manager.GetAsync($"/api/standards/backtests/{test}")).Refusal()).ShouldBe("backtest.not-by-unit");

        async Task<BacktestReport> Seen(Role role, string unit)
        {
            using var client = await app.SignIn(role, unit: unit);
            return BacktestReport.Read((await client.Ok(HttpMethod.Get, $"/api/standards/backtests/{test}")).GetRawText());
        }
    }

    [Xunit.Fact]
    public async Task Who_pauses_as_agreed_can_be_left_out_while_the_pause_lasts()
    {
        var (pausing, other) = (await app.AContractInForce(), await app.AContractInForce());
        var today = await app.Today();
        foreach (var one in new[] { pausing, other })
            await Months(one.CustomerId, 20_00, 4);
        await app.With<AppDb>(async db =>
        {
            var contract = await db.Contracts.SingleAsync(c => c.CustomerId == pausing.CustomerId);
            db.Add(new ContractAmendment
            {
                Id = Guid.CreateVersion7(), ContractId = contract.Id, CaseId = Guid.NewGuid(), OfferId = Guid.NewGuid(), Number = 1, Kind = OfferKind.Pause, Currency = "CNY",
                From = today.AddDays(-5), Until = today.AddDays(4), Free = true, At = DateTimeOffset.UnixEpoch,
            });
            db.Audit(await app.SystemCall(), "test.paused", $"customer:{pausing.CustomerId}");
            await db.SaveChangesAsync();
        });
        var id = NewId();
        // Both contracts are in their term all the while: that is another exclusion.
        await Publish(LowValue(id, "spend_12m < 100 CNY") with { Exclude = new(AgreedPause: true) });
        (await Listed()).ShouldContain(other.CustomerId);
        (await Listed()).ShouldNotContain(pausing.CustomerId);

        await app.AdvanceDays(3);
        (await Listed()).ShouldNotContain(pausing.CustomerId);
        await app.AdvanceDays(2);
        (await Listed()).ShouldContain(pausing.CustomerId);

        async Task<List<long>> Listed() => (await Listings(id)).Where(l => l.ClosedOn is null).Select(l => l.CustomerId).ToList();
    }

    [Xunit.Fact]
    public async Task A_standard_over_lost_product_lines_knows_them_every_night_and_in_a_back_test()
    {
        var (narrowed, steady) = (await app.AContractInForce(), await app.AContractInForce());
        var month = Month.Of(await app.Today());
        await app.With<IServiceProvider>(async services =>
        {
            var (db, book) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<FactBook>());
            var lines = await book.Lines(["BREAD", "MILK"], default);
            // Both buy both lines all last year; one of them has stopped buying the second.
            var facts = from customer in new[] { (narrowed.CustomerId, Stops: true), (steady.CustomerId, Stops: false) }
                        from ago in Enumerable.Range(1, 14)
                        from line in new[] { "BREAD", "MILK" }
                        where line == "BREAD" || ago > 4 || !customer.Stops
                        select new BulkFact(customer.CustomerId, ago * 10 + (line == "BREAD" ? 1 : 2), 1, 100_00, (month - ago).Day(7).DayNumber, FactKind.Order, null, lines[line]);
            await book.Stage([.. facts], new HashSet<FactBook.Document>(), DateTimeOffset.UnixEpoch, default);
            db.Audit(await app.SystemCall(), "test.facts", "facts");
            await db.SaveChangesAsync();
        });
        var id = NewId();
        await Publish(LowValue(id, "lines_lost >= 1"));

        var listed = (await Listings(id)).Select(l => l.CustomerId).ToList();
        listed.ShouldContain(narrowed.CustomerId);
        listed.ShouldNotContain(steady.CustomerId);
        var report = await app.With<AppDb, string>(db => db.Backtests.AsNoTracking().Where(b => b.StandardId == id).Select(b => b.Report!).SingleAsync());
        BacktestReport.Read(report).Months[^1].Listed.ShouldBeGreaterThan(0);
    }

    [Xunit.Fact]
    public async Task What_is_not_allowed_is_refused_with_its_place()
    {
        var id = NewId();
        var json = StandardDocument.ToJson(LowValue(id));
        (await app.Refused(Role.Supervisor, "/api/standards", json.Replace("spend_12m", "customer_age", StringComparison.Ordinal))).ShouldBe("standard.protected");
        (await app.Refused(Role.Agent, "/api/standards", json)).ShouldBe("not-allowed");
        var draft = await app.Post(Role.Supervisor, "/api/standards", StandardDocument.ToJson(LowValue(id, "valid_complaints_12m >= 2")));
        (await app.Refused(Role.Supervisor, $"/api/standards/{id}/1/submit")).ShouldBe("standard.justified-complaints");
        (await app.Refused(Role.Supervisor, $"/api/standards/{id}/1/backtest", """{"from":"2025-13"}""")).ShouldBe("backtest.month");
        (await app.Refused(Role.Supervisor, $"/api/standards/{id}/1/backtest", """{"from":"2025-03","to":"2025-02"}""")).ShouldBe("backtest.order");
        (await app.Refused(Role.Supervisor, $"/api/standards/{id}/1/backtest", """{"threshold":7}""")).ShouldBe("backtest.threshold");
        var next = Month.Of(await app.Today()) + 1;
        (await app.Refused(Role.Supervisor, $"/api/standards/{id}/1/backtest", $$"""{"to":"{{next}}"}""")).ShouldBe("backtest.future");
        (await app.Refused(Role.Agent, $"/api/standards/{id}/1/backtest", "{}")).ShouldBe("not-allowed");
        // A back-test of what stood there before does not let another content through.
        await app.Post(Role.Supervisor, $"/api/standards/{id}/1/backtest", """{"from":"2025-01","to":"2025-06"}""");
        await app.Drain();
        var edited = await app.Post(Role.Supervisor, $"/api/standards/{id}/1", json, method: "PUT");
        await Sign(id, 1, edited);
        (await app.Refused(Role.Supervisor, $"/api/standards/{id}/1/publish")).ShouldBe("standard.no-backtest");
        draft.ShouldNotBeNull();
    }

    [Xunit.Fact]
    public async Task An_analyst_writes_and_tries_a_standard_and_others_put_it_in_force_and_take_it_out_of_use()
    {
        var contract = await app.AContractInForce();
        await Months(contract.CustomerId, 20_00, 4);
        var id = NewId();
        var draft = await app.Post(Role.Analyst, "/api/standards", StandardDocument.ToJson(LowValue(id, "spend_12m < 100 CNY")));
        var path = $"/api/standards/{id}/1";
        draft = await app.Post(Role.Analyst, path, StandardDocument.ToJson(LowValue(id, "spend_12m < 101 CNY")), method: "PUT");
        await app.Post(Role.Analyst, $"{path}/submit");
        await app.Post(Role.Analyst, $"{path}/withdraw");
        await app.Post(Role.Analyst, $"{path}/submit");
        (await app.Refused(Role.Analyst, $"{path}/sign", Digest(draft))).ShouldBe("not-allowed");
        await app.Post(Role.BranchHead, $"{path}/sign", Digest(draft));
        await app.Post(Role.Legal, $"{path}/sign", Digest(draft));
        await app.Post(Role.Analyst, $"{path}/backtest");
        await app.Drain();
        (await app.Refused(Role.Analyst, $"{path}/publish")).ShouldBe("not-allowed");
        (await app.Refused(Role.Supervisor, $"{path}/retire", """{"words":"no"}""")).ShouldBe("version.not-published");
        await app.Post(Role.Supervisor, $"{path}/publish");
        await app.Drain();
        (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId).ClosedOn.ShouldBeNull();
        // What analysts write is no other document.
        (await app.Refused(Role.Analyst, "/api/procedures", Core.Procedures.ProcedureDocument.ToJson(Core.Procedures.GeneralProcedures.Termination))).ShouldBe("not-allowed");

        (await app.Refused(Role.Analyst, $"{path}/retire", """{"words":"no"}""")).ShouldBe("not-allowed");
        (await app.Refused(Role.Supervisor, $"{path}/retire", """{"words":" "}""")).ShouldBe("required");
        await app.Post(Role.Supervisor, $"{path}/retire", """{"words":"replaced by talks"}""");
        var waiting = (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId);
        (await app.Refused(Role.BranchHead, $"/api/listings/{waiting.Id}/case", """{"words":"too late"}""")).ShouldBe("listing.retired");
        (await app.Refused(Role.Supervisor, $"{path}/retire", """{"words":"again"}""")).ShouldBe("version.not-published");
        await app.Drain();
        var gone = (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId);
        (gone.End, gone.State, gone.ClosedOn).ShouldBe((ListingEnd.Retired, ListingState.Lapsed, await app.Today()));
        using var supervisor = await app.Browser(Role.Supervisor);
        var page = await supervisor.Get($"/standards/{id}/1");
        page.Text.ShouldContain("out of use");
        page.Text.ShouldContain("replaced by talks");
        (await supervisor.Get($"/listings/{gone.Id}")).Text.ShouldContain("standard taken out of use");
        // The nights after it list nobody; a new version can follow.
        await app.AdvanceDays(1);
        (await Listings(id)).ShouldAllBe(l => l.ClosedOn != null);
        await Publish(LowValue(id, "spend_12m < 102 CNY"));
        (await Listings(id)).Count(l => l.ClosedOn == null && l.Version == 2 && l.CustomerId == contract.CustomerId).ShouldBe(1);
        // Retiring takes with it what is to come; the form asks why.
        page = await supervisor.Get($"/standards/{id}/2");
        page = await supervisor.Submit("#retire-send", new Dictionary<string, string> { ["words"] = "" });
        page.Status.ShouldBe(422);
        page = await supervisor.Submit("#retire-send", new Dictionary<string, string> { ["words"] = "a year is over" });
        page.Path.ShouldBe($"/standards/{id}/2");
        await app.Drain();
        (await Listings(id)).ShouldAllBe(l => l.ClosedOn != null);
    }

    [Xunit.Fact]
    public async Task A_listing_that_proposes_a_tier_leads_to_the_move_with_its_reasons()
    {
        var contract = await app.AContractInForce();
        await Months(contract.CustomerId, 21_00, 4);
        var id = NewId();
        await Publish(new Standard(id, 1, new("Watch", "观察"), StandardPurpose.Tier, StandardAction.Review, ConditionText.Read("spend_12m < 100 CNY").Condition!, null, Role.BranchHead, Tier: StandardTier.HighRisk));
        var listing = (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId);
        var path = $"/api/listings/{listing.Id}/tier";
        (await app.Refused(Role.AccountManager, path, """{"codes":["A15"],"words":"seen"}""")).ShouldBe("listing.other-role");
        (await app.Refused(Role.BranchHead, path, """{"words":"seen"}""")).ShouldBe("tier.codes");
        (await app.Refused(Role.BranchHead, path, """{"codes":["A15"]}""")).ShouldBe("required");
        using var head = await app.Browser(Role.BranchHead);
        var page = await head.Get($"/listings/{listing.Id}");
        page.Text.ShouldContain("Move to");
        var moved = await app.Post(Role.BranchHead, path, """{"codes":["A15"],"words":"called twice, no answer"}""");
        moved["isMade"]!.GetValue<bool>().ShouldBeFalse("a move down waits for a second person");
        (await app.Refused(Role.BranchHead, path, """{"codes":["A15"],"words":"again"}""")).ShouldBe("tier.already-proposed");
        (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId).State.ShouldBe(ListingState.Waiting);
        // Refused, somebody decides again; accepted, the listing is done.
        await app.Post(Role.Supervisor, $"/api/tiers/{moved["id"]}/decision", """{"isAccepted":false}""");
        (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId).State.ShouldBe(ListingState.Waiting);
        moved = await app.Post(Role.BranchHead, path, """{"codes":["A15"],"words":"called twice, no answer"}""");
        await app.Post(Role.Supervisor, $"/api/tiers/{moved["id"]}/decision", """{"isAccepted":true}""");
        (await Listings(id)).Single(l => l.CustomerId == contract.CustomerId).State.ShouldBe(ListingState.Done);
        (await app.With<AppDb, Features.Customers.CustomerTier>(db => db.Customers.Where(c => c.Id == contract.CustomerId).Select(c => c.Tier).SingleAsync())).ShouldBe(Features.Customers.CustomerTier.HighRisk);
        var line = (await (await app.SignIn(Role.Supervisor)).Ok(HttpMethod.Get, $"/api/customers/{contract.CustomerId}/tiers")).GetProperty("latest").EnumerateArray().First();
        line.GetProperty("words").GetString()!.ShouldContain("called twice, no answer");
        line.GetProperty("words").GetString()!.ShouldContain("21.00");
        // A standard that proposes no tier has no such way.
        var other = NewId();
        await Publish(LowValue(other, "spend_12m < 100 CNY"));
        var plain = (await Listings(other)).First(l => l.ClosedOn == null);
        (await app.Refused(Role.BranchHead, $"/api/listings/{plain.Id}/tier", """{"codes":["A15"],"words":"seen"}""")).ShouldBe("listing.no-tier");
    }

    [Xunit.Fact]
    public async Task The_editor_shows_what_a_standard_means_and_does()
    {
        var contract = await app.AContractInForce();
        await Months(contract.CustomerId, 1_00, 3);
        var id = NewId();
        using var author = await app.Browser(Role.Supervisor);
        var page = await author.Get("/standards/new");
        page.Status.ShouldBe(200);
        page = await author.Submit("Check", new Dictionary<string, string> { ["when"] = "spend_12m < 500 CNY and\n gender = 1" });
        page.Text.ShouldContain("sex or gender must not decide");
        page = await author.Submit("Check", new Dictionary<string, string> { ["when"] = "complaints_12m >= 4" });
        page.Text.ShouldContain("counts complaints that were justified");

        // Comparisons are added and changed with controls; the text follows.
        page = await author.Submit("Check", new Dictionary<string, string> { ["when"] = "spend_12m < 5 CNY" });
        page.Text.ShouldContain("Lists customers of whom this holds: the spend of the last 12 months is below 5.00 CNY.");
        page.Text.ShouldContain("列入符合以下条件的客户：近 12 个月净消费低于 5.00 CNY。");
        page.Text.ShouldContain("The spend of the last 12 months was 1.00 CNY (below 5.00 CNY).");
        page.Text.ShouldNotContain("王小芳");
        page = await author.Submit("button[name=do][value=add]", new Dictionary<string, string> { ["add.indicator"] = "orders_12m", ["add.is"] = "<", ["add.value"] = "3", ["add.join"] = "or" });
        page.Document.QuerySelector("[name=when]")!.TextContent.ShouldBe("spend_12m < 5.00 CNY or orders_12m < 3");
        page = await author.Submit("Check", new Dictionary<string, string> { ["c1.value"] = "2" });
        page.Document.QuerySelector("[name=when]")!.TextContent.ShouldBe("spend_12m < 5.00 CNY or orders_12m < 2");
        page = await author.Submit("button[name=do][value='remove:1']");
        page.Document.QuerySelector("[name=when]")!.TextContent.ShouldBe("spend_12m < 5.00 CNY");
        page = await author.Submit("Save", new Dictionary<string, string> { ["id"] = "Not a code" });
        page.Status.ShouldBe(422);
        page = await author.Submit("Save", new Dictionary<string, string> { ["id"] = id, ["name.english"] = "By hand", ["name.chinese"] = "手写标准" });
        page.Path.ShouldBe($"/standards/{id}/1/edit?saved=1");
        page.Html.ShouldNotContain("style=\"");

        await author.Get($"/standards/{id}/1");
        page = await author.Submit("#start-backtest");
        await app.Drain();
        page = await author.Get(page.Path);
        page.Text.ShouldContain("Equal treatment");
        page.Text.ShouldContain("SHA-256");
        (await author.Get("/standards")).Text.ShouldContain("By hand");
        using var auditor = await app.Browser(Role.Auditor, language: "zh");
        (await auditor.Get($"/standards/{id}/1")).Text.ShouldContain("读作");
        (await auditor.Get($"/standards/{id}/1/edit")).Status.ShouldBe(403);
        (await auditor.Get("/standards/none/1")).Status.ShouldBe(404);
    }

    private async Task Publish(Standard standard)
    {
        var draft = await app.Post(Role.Supervisor, "/api/standards", StandardDocument.ToJson(standard));
        var version = draft["version"]!.GetValue<int>();
        await Sign(standard.Id, version, draft);
        await app.Post(Role.Supervisor, $"/api/standards/{standard.Id}/{version}/backtest");
        await app.Drain();
        await app.Post(Role.Supervisor, $"/api/standards/{standard.Id}/{version}/publish");
        await app.Drain();
    }

    private async Task Sign(string id, int version, JsonNode key)
    {
        var path = $"/api/standards/{id}/{version}";
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.BranchHead, $"{path}/sign", Digest(key));
        await app.Post(Role.Legal, $"{path}/sign", Digest(key));
    }

    private static string Digest(JsonNode key) => new JsonObject { ["digest"] = key["digest"]!.GetValue<string>() }.ToJsonString();

    private Task<List<StandardListing>> Listings(string id) => app.With<AppDb, List<StandardListing>>(db => db.Listings.AsNoTracking().Where(l => l.StandardId == id).ToListAsync());

    /// <summary>Replaces a customer's months: one order some months ago, and more.</summary>
    private async Task Months(long customer, long amount, int monthsAgo, params (long Amount, int MonthsAgo)[] more)
    {
        var month = Month.Of(await app.Today());
        var facts = more.Append((amount, monthsAgo)).Select((f, i) => new Fact(FactKind.Order, (month - f.Item2).Day(7), f.Item1, $"{i}")).ToArray();
        await app.With<AppDb>(async db =>
        {
            if (await db.Activity.SingleOrDefaultAsync(a => a.CustomerId == customer) is { } row)
                row.Months = ActivityMonths.Build(facts);
            else
                db.Activity.Add(new ActivityRow { CustomerId = customer, Months = ActivityMonths.Build(facts) });
            db.Audit(await app.SystemCall(), "test.months", $"customer:{customer}");
            await db.SaveChangesAsync();
        });
    }

    public sealed class OnSqlite(SqliteApp app) : TheStandards(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : TheStandards(app), IClassFixture<PostgresApp>;
}
