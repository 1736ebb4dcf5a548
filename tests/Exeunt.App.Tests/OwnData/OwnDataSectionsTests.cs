using System.Collections;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Classes;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Standards;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Cases;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Returns;
using Exeunt.Core;
using Exeunt.Core.Churn;
using Exeunt.Core.Classes;
using Exeunt.Core.Documents;
using Exeunt.Core.Retention;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.OwnData;

/// <summary>What a customer downloads holds everything the product keeps of them: each table is in it, or left out with a reason that it says.</summary>
public abstract class OwnDataSectionsTests(ExeuntApp app)
{
    private static readonly DateOnly Day = new(2026, 2, 3);

    [Fact]
    public async Task Every_table_that_names_a_customer_is_in_the_package_or_left_out_with_a_reason()
    {
        string[] names = ["CustomerId", "Subject", "CaseId", "ContractId"];
        var tables = await app.With<AppDb, List<Type>>(db => Task.FromResult(db.Model.GetEntityTypes().Where(e => names.Any(n => e.FindProperty(n) is not null)).Select(e => e.ClrType).Distinct().ToList()));
        tables.Count.ShouldBeGreaterThan(60);
        tables.Where(t => OwnDataTables.Sections.ContainsKey(t) == OwnDataTables.LeftOut.ContainsKey(t)).Select(t => t.Name)
            .ShouldBeEmpty("a table that names a customer, a subject, a case or a contract: put it into the package and into OwnDataTables.Sections, or into OwnDataTables.LeftOut with a reason");
        OwnDataTables.Sections.Keys.Concat(OwnDataTables.LeftOut.Keys).Except(tables).Select(t => t.Name).ShouldBeEmpty("there is no such table any more");
        OwnDataTables.Sections.Values.Distinct().Where(path => !IsThere(path)).ShouldBeEmpty("there is no such part of the file");
        OwnDataTables.LeftOut.Values.Except(OwnDataTables.Reasons).ShouldBeEmpty();
        foreach (var t in new[] { Texts.English, Texts.Chinese })
        {
            GatherOwnData.Always(t).Count.ShouldBe(OwnDataTables.Reasons.Count);
            OwnKeeping.Looks.ForEach(verb => t[$"own-data.look.{verb}"].ShouldNotBeNullOrEmpty());
        }
    }

    [Fact]
    public async Task Every_list_of_the_file_is_a_list_of_the_archive_too()
    {
        var (_, id, _) = await app.Applied(await app.AContractInForce());
        var file = (await Gather(id)).File;
        var lists = OwnDataLists.Of(file).Select(l => l.Name).ToList();
        lists.ShouldBeUnique();
        lists.ShouldAllBe(name => name == OwnDataLists.NameOf(name));
        var properties = typeof(OwnDataFile).GetProperties().Where(p => p.PropertyType != typeof(string) && p.PropertyType.IsAssignableTo(typeof(IEnumerable))).Select(p => OwnDataLists.NameOf(p.Name)).ToList();
        properties.Count.ShouldBeGreaterThan(40);
        properties.Except(lists).ShouldBeEmpty();
        foreach (var (name, lines) in OwnDataLists.Of(file))
        {
            var rows = lines.Select(l => l.ToList()).ToList();
            rows.ShouldAllBe(r => r.Count == rows[0].Count, name);
            rows[0].ShouldBeUnique(name);
        }
    }

    [Fact]
    public async Task What_was_ordered_and_what_comes_back_is_in_it_line_by_line()
    {
        var order = await app.AnOrderDelivered();
        var (customer, id, token, _) = await app.Returned(order, new { wish = "Refund", lines = new[] { new { line = 1, quantity = 1, reason = "NoReason", words = "too bright return-canary" } } });
        var text = (await (await customer.GetAsync($"/api/progress/{token}/data")).Done()).ToString();
        var file = JsonDocument.Parse(text).RootElement;

        var own = file.GetProperty("orders").EnumerateArray().ShouldHaveSingleItem();
        own.GetProperty("number").GetString().ShouldBe(order.Number);
        Amount(own.GetProperty("discount")).ShouldBe("30.00 CNY");
        var lines = own.GetProperty("lines").EnumerateArray().ToList();
        lines.Select(l => l.GetProperty("name").GetString()).ShouldBe(["台灯", "电水壶"], "in the customer's language");
        (lines[0].GetProperty("quantity").GetInt32(), lines[0].GetProperty("returned").GetInt32(), Amount(lines[0].GetProperty("unitPrice"))).ShouldBe((3, 1, "99.99 CNY"));
        own.GetProperty("payments").EnumerateArray().Select(p => p.GetProperty("ends").GetString()).ShouldBe(["1111", "nary"]);
        text.ShouldNotContain("card-canary");

        var back = file.GetProperty("returns").EnumerateArray().ShouldHaveSingleItem();
        back.GetProperty("order").GetString().ShouldBe(order.Number);
        back.GetProperty("case").GetString().ShouldBe((await app.TheCase(id)).Number);
        var line = back.GetProperty("lines").EnumerateArray().ShouldHaveSingleItem();
        line.GetProperty("words").GetString()!.ShouldContain("return-canary");
        (await Csv(id, "order-lines"))[0].ShouldBe("order,number,product,name,kind,quantity,unitPrice,paid,freightShare,taxRate,shippedOn,deliveredOn,returned,refunded,exchangedFor,currency");
        (await Csv(id, "order-lines"))[1].ShouldStartWith($"{order.Number},1,LAMP,");
        (await Csv(id, "return-lines")).Count.ShouldBe(2);
    }

    [Fact]
    public async Task How_they_were_judged_is_in_it_with_the_reasons_in_words()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        var (path, manager) = ($"/api/customers/{contract.CustomerId}", await app.SignIn(Role.AccountManager, name: "own-one"));
        var rated = (await (await manager.PostAsJsonAsync($"{path}/ratings", new { score = 2, evidence = "two appointments missed rating-canary" })).Done()).GetProperty("id").GetGuid();
        await (await (await app.SignIn(Role.BranchHead, name: "own-two")).PostAsJsonAsync($"{path}/ratings/{rated}/second", new { score = 3 })).Done();
        await (await manager.PostAsJsonAsync($"{path}/tiers", new { to = "Vip", words = "largest of the branch tier-canary" })).Done();
        await Judge(contract.CustomerId);

        var text = (await (await customer.GetAsync($"/api/progress/{token}/data")).Done()).ToString();
        var file = JsonDocument.Parse(text).RootElement;
        JsonElement One(string section) => file.GetProperty(section).EnumerateArray().ShouldHaveSingleItem();
        string? Said(string section, string name) => One(section).GetProperty(name).GetString();

        (One("ratings").GetProperty("score").GetInt32(), One("ratings").GetProperty("secondScore").GetInt32(), Said("ratings", "counts")).ShouldBe((2, 3, "2.5"));
        Said("ratings", "scale")!.ShouldContain("失约");
        Said("ratings", "evidence")!.ShouldContain("rating-canary");
        (Said("tiers", "from"), Said("tiers", "to"), Said("tiers", "words")).ShouldBe(("Normal", "Vip", "普通 → VIP"));
        Said("tiers", "grounds")!.ShouldContain("tier-canary");
        (Said("classes", "scheme"), Said("classes", "name"), Said("classes", "strategy"), Said("classes", "since")).ShouldBe(("按订单", "多单客户", "优先服务", "2026-02-03"));
        (Said("classChanges", "to"), One("classChanges").TryGetProperty("from", out _)).ShouldBe(("多单客户", false));
        (Said("classTasks", "what"), Said("classTasks", "state"), Said("classTasks", "skipped")).ShouldBe(("致电", "Skipped", "客户不希望"));
        (Said("listings", "standard"), Said("listings", "action"), Said("listings", "dismissed")).ShouldBe(("业务量小", "Review", "沟通后已说明"));
        Said("listings", "why")!.ShouldContain("312.00 CNY");
        file.GetProperty("churn").EnumerateArray().Select(c => (c.GetProperty("to").GetString(), c.GetProperty("words").GetString(), c.GetProperty("now").GetBoolean()))
            .ShouldBe([("Borderline", "边缘型", false), ("Borderline", "边缘型", true)]);
        Said("recognitions", "words").ShouldBe("正常终止");

        // Nobody is named.
        text.ShouldNotContain("staff:");
        text.ShouldNotContain("own-one");
        (await Csv(id, "listings"))[1].ShouldContain("312.00 CNY");
        (await Csv(id, "ratings"))[1].ShouldContain("rating-canary");
    }

    [Fact]
    public async Task What_is_kept_beside_a_case_is_in_it_and_what_may_not_be_told_is_not()
    {
        var contract = await app.AContractInForce();
        var (customer, id, token) = await app.Applied(contract);
        await (await customer.PostAsJsonAsync($"/api/progress/{token}/data-requests", new { kind = "Access", words = "all of it request-canary" })).Done();
        await (await (await app.SignIn(Role.Auditor)).GetAsync($"/api/cases/{id}")).Done();
        await Keep(contract.CustomerId, id);
        await app.Drain();
        var code = System.Text.RegularExpressions.Regex.Match(app.Mails(contract.Mail).First(m => m.Subject.Contains("验证码", StringComparison.Ordinal)).Text, @"\d{8}").Value;

        var text = (await (await customer.GetAsync($"/api/progress/{token}/data")).Done()).ToString();
        var file = JsonDocument.Parse(text).RootElement;
        var number = (await app.TheCase(id)).Number;
        JsonElement One(string section) => file.GetProperty(section).EnumerateArray().ShouldHaveSingleItem();
        string? Said(string section, string name) => One(section).GetProperty(name).GetString();

        (Said("disputes", "case"), Said("disputes", "forumWords"), Amount(One("disputes").GetProperty("contested")), Said("disputes", "ruling")).ShouldBe((number, "法院", "120.00 CNY", "half of it ruling-canary"));
        text.ShouldNotContain("strategy-canary", customMessage: "our notes for a dispute");
        (Said("disputeDates", "words"), Said("disputeDates", "dueOn")).ShouldBe(("开庭", "2026-02-03"));
        (Said("workOrders", "what"), Said("workOrders", "system")).ShouldBe(("停机", "billing"));
        Said("followUps", "case").ShouldBe(number);
        text.ShouldNotContain("follow-canary", customMessage: "what our people note for each other");
        var plan = One("instalmentPlans");
        (plan.GetProperty("reference").GetString(), Amount(plan.GetProperty("price")), plan.GetProperty("madeBy").GetString()).ShouldBe(("EXOWNDATA0001", "120.00 CNY", "company"));
        (Said("allocations", "reference"), Amount(One("allocations").GetProperty("principal")), Said("allocations", "bookedOn")).ShouldBe(("EXOWNDATA0001", "20.00 CNY", "2026-02-03"));
        var paid = file.GetProperty("cases")[0].GetProperty("payments").EnumerateArray().ShouldHaveSingleItem();
        (paid.GetProperty("reference").GetString(), Amount(paid.GetProperty("amount")), Amount(paid.GetProperty("interest"))).ShouldBe(("EXOWNDATA0001", "120.00 CNY", "5.00 CNY"));
        file.GetProperty("cases")[0].GetProperty("instalments").EnumerateArray().ShouldHaveSingleItem().GetProperty("dueOn").GetString().ShouldBe("2026-02-03");
        (Said("ownerChanges", "words"), One("ownerChanges").GetProperty("nobody").GetBoolean()).ShouldBe(("工作量调整", false));
        (Said("visits", "minutes"), Said("visits", "outcome")).ShouldBe(("was friendly visit-canary", "Accepted"));
        text.ShouldNotContain("who-was-there-canary");
        (Said("retained", "category"), Said("retained", "words"), Said("retained", "until")).ShouldBe(("Transactions", "已封存", "2026-02-03"));
        file.TryGetProperty("holds", out _).ShouldBeFalse("which of them is told would tell of the other");
        file.GetProperty("leftOut").EnumerateArray().Select(l => l.GetProperty("what").GetString()).ShouldContain(Texts.Chinese["own-data.left.inquiries"]);

        var request = One("dataRequests");
        (request.GetProperty("kind").GetString(), request.GetProperty("what").GetString(), request.GetProperty("words").GetString(), request.GetProperty("receivedBy").GetString())
            .ShouldBe(("Access", "查阅", "all of it request-canary", "customer"));
        request.TryGetProperty("dueOn", out _).ShouldBeTrue();
        var looks = file.GetProperty("looks").EnumerateArray().Select(l => (l.GetProperty("verb").GetString(), l.GetProperty("by").GetString(), l.GetProperty("what").GetString())).ToList();
        looks.ShouldContain(("case.viewed", "company", "查看案件"));

        // Mails with their words, but no code and no link that opens anything.
        var mails = file.GetProperty("mails").EnumerateArray().ToList();
        mails.ShouldContain(m => m.GetProperty("to").GetString() == contract.Mail && m.GetProperty("subject").GetString() == "您的验证码");
        mails.Where(m => m.GetProperty("subject").GetString() == "您的验证码" && m.TryGetProperty("words", out _)).ShouldBeEmpty();
        mails.Where(m => m.TryGetProperty("words", out var words) && words.GetString()!.Contains("/progress/…", StringComparison.Ordinal)).ShouldNotBeEmpty();
        text.ShouldNotContain(code);
        text.ShouldNotContain(token);
        text.ShouldNotContain("staff:");
    }

    [Fact]
    public async Task The_history_is_whole_in_the_archive_with_what_each_row_says()
    {
        var contract = await app.AContractInForce(language: "en");
        var (_, id, _) = await app.Applied(contract);
        await app.With<AppDb>(async db =>
        {
            db.Facts.AddRange(
                new Features.Facts.FactRow { CustomerId = contract.CustomerId, Document = 5, Line = 1, Kind = Exeunt.Core.Activity.FactKind.Order, On = Day, Amount = 1050, Detail = 987_65 },
                new Features.Facts.FactRow { CustomerId = contract.CustomerId, Document = 5, Line = 2, Kind = Exeunt.Core.Activity.FactKind.Order, On = Day, Amount = 250 },
                new Features.Facts.FactRow { CustomerId = contract.CustomerId, Document = 6, Line = 1, Kind = Exeunt.Core.Activity.FactKind.Due, On = Day, Amount = 1300, Detail = Day.AddDays(30).DayNumber },
                new Features.Facts.FactRow { CustomerId = contract.CustomerId, Document = 7, Line = 1, Kind = Exeunt.Core.Activity.FactKind.Promise, On = Day, Amount = 0, Detail = 0 });
            db.Audit(await app.SystemCall(), "test.facts", "customer");
            await db.SaveChangesAsync();
        });
        var gathered = await Gather(id);
        gathered.File.Facts.Lines.Count.ShouldBe(4);
        gathered.File.Facts.Documents.Count.ShouldBe(3);
        var lines = await Csv(id, "fact-lines");
        lines[0].ShouldBe("on,kind,amount,value,productLine,dueOn,verdict,kept,countsUntil,currency");
        lines.Skip(1).ShouldBe(
            ["2026-02-03,Order,10.50,,,,,,,CNY", "2026-02-03,Order,2.50,,,,,,,CNY", "2026-02-03,Due,13.00,,,2026-03-05,,,,CNY", "2026-02-03,Promise,,0,,,,false,,"], "what it cost us is not in it");
    }

    // --- the world ------------------------------------------------------------------------------------------------

    /// <summary>A class, a listing and a churn state, as the evaluation writes them.</summary>
    private Task Judge(long customer) => app.With<AppDb>(async db =>
    {
        var scheme = new Scheme("own-scheme", 1, new("By orders", "按订单"), SchemeKind.Rules,
        [
            new("many", new("Many", "多单客户"), ConditionText.Read("orders_12m >= 3").Condition, Strategy: new("Serve first", "优先服务"), Plan: [new("call", new("Call", "致电"), 5, 30)]),
            new("none", new("None", "无单客户"), Strategy: new("Let go", "放弃")),
        ]);
        var standard = new Standard("own-standard", 1, new("Little business", "业务量小"), StandardPurpose.ChurnWatch, StandardAction.Review, ConditionText.Read("spend_12m < 500 CNY").Condition!);
        db.SignedDocuments.AddRange(
            new SignedDocument { Id = scheme.Id, Version = 1, Kind = SignedKind.Scheme, Status = VersionStatus.Retired, Document = SchemeDocument.ToJson(scheme), Digest = "own-scheme", EffectiveFrom = Day },
            new SignedDocument { Id = standard.Id, Version = 1, Kind = SignedKind.Standard, Status = VersionStatus.Retired, Document = StandardDocument.ToJson(standard), Digest = "own-standard", EffectiveFrom = Day });
        db.ClassMembers.Add(new ClassMember { SchemeId = scheme.Id, CustomerId = customer, Class = "many", SchemeVersion = 1, Since = Day });
        db.ClassChanges.Add(new ClassChange { SchemeId = scheme.Id, CustomerId = customer, On = Day, From = null, To = "many" });
        db.ClassTasks.Add(new ClassTask
        {
            Id = Guid.CreateVersion7(), SchemeId = scheme.Id, SchemeVersion = 1, Class = "many", Step = "call", CustomerId = customer, DueOn = Day.AddDays(5), State = ClassTaskState.Skipped, Skipped = SkipReason.CustomerWish,
            ClosedOn = Day.AddDays(6), ClosedBy = "staff:somebody",
        });
        IReadOnlyList<Deciding> reasons = [new("spend_12m", Operator.Less, Threshold.Amount(500m, "CNY"), 312_00, "CNY")];
        db.Listings.Add(new StandardListing
        {
            Id = Guid.CreateVersion7(), StandardId = standard.Id, Version = 1, CustomerId = customer, UnitId = 1, OpenedOn = Day, Reason = StandardDocument.ToJson(reasons), Action = StandardAction.Review, DueOn = Day.AddDays(10),
            State = ListingState.Dismissed, Dismissed = DismissReason.Explained, DecidedBy = "staff:somebody",
        });
        db.ChurnChanges.Add(new ChurnChangeRow { CustomerId = customer, On = Day, From = ChurnState.Active, To = ChurnState.Borderline });
        db.ChurnStates.Add(new ChurnStateRow { CustomerId = customer, State = ChurnState.Borderline, IsIntermittent = false, Since = Day });
        db.Add(new Features.ReEntry.RecognitionToken
        {
            Id = Guid.CreateVersion7(), Token = new byte[16], Kind = TokenKind.Mail, CaseId = Guid.CreateVersion7(), CustomerId = customer, Class = Features.ReEntry.FormerClass.Ended, Until = Day.AddYears(3),
        });
        db.Audit(await app.SystemCall(), "test.judged", "customer");
        await db.SaveChangesAsync();
    });

    /// <summary>A dispute, money, work, a visit, holds: what stands beside a case, written straight into its tables.</summary>
    private Task Keep(long customer, Guid caseId) => app.With<IServiceProvider>(async services =>
    {
        var (db, vault, call) = (services.GetRequiredService<AppDb>(), services.GetRequiredService<Vault>(), await app.SystemCall());
        async Task<Guid> Text(string words, string kind, Guid? of)
        {
            var text = Guid.CreateVersion7();
            db.Texts.Add(new PersonalText
            {
                Id = text, Subject = customer, Class = DataClass.Profile, CaseId = of, Kind = kind, Data = await vault.Seal(customer, DataClass.Profile, PersonalText.Place, text.ToString("N"), words, default),
            });
            return text;
        }
        var (dispute, order, plan) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        db.Add(new Dispute
        {
            Id = dispute, CaseId = caseId, Forum = DisputeForum.Court, TextId = await Text("file 7, strategy-canary", "dispute", caseId), Lines = "", Contested = 120_00, Currency = "CNY", OpenedBy = "staff:somebody", OpenedAt = call.Now,
            Result = DisputeResult.Ruled, Upheld = 60_00, RulingId = await Text("half of it ruling-canary", "dispute", caseId), ClosedBy = "staff:somebody", ClosedAt = call.Now,
        });
        db.Add(new DisputeDeadline { Id = Guid.CreateVersion7(), DisputeId = dispute, CaseId = caseId, Kind = DeadlineKind.Hearing, DueOn = Day, AddedBy = "staff:somebody" });
        db.Add(new WorkOrder { Id = Guid.CreateVersion7(), CaseId = caseId, Task = "own-data-test", English = "Stop the service", Chinese = "停机", System = "billing", DueOn = Day, CreatedAt = call.Now });
        db.Add(new FollowUpTask { Id = Guid.CreateVersion7(), CaseId = caseId, TextId = await Text("call again follow-canary", "follow-up", caseId), DueOn = Day, AddedBy = "staff:somebody", AddedAt = call.Now });
        db.Add(new PaymentOrder
        {
            Id = order, CaseId = caseId, Direction = PaymentDirection.Claim, Purpose = PaymentPurpose.Ruling, Number = 7, Amount = 120_00, Currency = "CNY", Interest = 5_00, Reference = "EXOWNDATA0001", OrderedAt = call.Now, Matched = 20_00,
        });
        db.Add(new Plan { Id = plan, OrderId = order, CaseId = caseId, Price = 120_00, Currency = "CNY", MadeBy = "staff:somebody", MadeAt = call.Now });
        db.Add(new PlanRow { PlanId = plan, Number = 1, DueOn = Day, Amount = 120_00, Paid = 20_00 });
        db.Add(new AllocationRow
        {
            Id = Guid.CreateVersion7(), LineKey = [1, 2, 3], OrderId = order, CaseId = caseId, BookedOn = Day, Currency = "CNY", Cost = 0, Interest = 0, Principal = 20_00, Unapplied = 0, EntryId = Guid.CreateVersion7(), By = "staff:somebody",
            At = call.Now,
        });
        db.Add(new OwnerChange
        {
            Id = Guid.CreateVersion7(), CustomerId = customer, ToOwner = Guid.CreateVersion7(), FromOn = Day, Reason = HandOverReason.Rebalance, DecidedBy = "staff:somebody", DecidedAt = call.Now, State = OwnerChangeState.Done, DoneAt = call.Now,
        });
        db.Add(new PlanItem
        {
            PlanId = Guid.CreateVersion7(), Position = 1, CustomerId = customer, UnitId = 1, Open = 0, Value = 0, Currency = "CNY", ByHand = false, State = PlanItemState.Moved, Visit = VisitState.Done, VisitedOn = Day, Outcome = VisitOutcome.Accepted,
            MinutesId = await Text(new VisitMinutes("who-was-there-canary", "was friendly visit-canary").Write(), "visit", null), VisitBy = "staff:somebody",
        });
        db.Add(new RetainedRow { CustomerId = customer, Category = DataCategory.Transactions, Outcome = RetentionOutcome.Lock, Until = Day });
        foreach (var reason in new[] { LegalHoldReason.Claim, LegalHoldReason.Investigation })
            db.Add(new LegalHold { Id = Guid.CreateVersion7(), CustomerId = customer, CaseId = caseId, Reason = reason, PlacedBy = "staff:somebody", PlacedAt = call.Now });
        db.Audit(call, "test.kept", "customer");
        await db.SaveChangesAsync();
    });

    // --- looking --------------------------------------------------------------------------------------------------

    private async Task<GatherOwnData.Gathered> Gather(Guid caseId) =>
        (await app.Do<GatherOwnData, GatherOwnData.Request, GatherOwnData.Gathered>((await app.SystemCall()) with { Actor = Actor.Customer(caseId) }, new(new(caseId), "zip"))).Value;

    /// <summary>The lines of a list in the archive, without the mark in front.</summary>
    private async Task<List<string>> Csv(Guid caseId, string list)
    {
        var gathered = await Gather(caseId);
        using var written = new MemoryStream();
        await app.With<OwnDataZip>(zip => zip.Write(gathered, written, default));
        written.Position = 0;
        using var archive = new ZipArchive(written);
        using var reader = new StreamReader(archive.GetEntry($"lists/{list}.csv")!.Open());
        return [.. (await reader.ReadToEndAsync()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }

    private static string Amount(JsonElement amount) => $"{amount.GetProperty("value").GetString()} {amount.GetProperty("currency").GetString()}";

    private static bool IsThere(string path)
    {
        var type = typeof(OwnDataFile);
        foreach (var name in path.Split('.'))
        {
            if (type.GetProperties().SingleOrDefault(p => JsonNamingPolicy.CamelCase.ConvertName(p.Name) == name) is not { } property)
                return false;
            type = property.PropertyType.IsGenericType ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        }
        return true;
    }

    public sealed class OnSqlite(SqliteApp app) : OwnDataSectionsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : OwnDataSectionsTests(app), IClassFixture<PostgresApp>;
}
