using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Exeunt.App.Data;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using static Exeunt.App.Tests.Policies.PolicyWorld;

namespace Exeunt.App.Tests.Policies;

/// <summary>The way of a version from draft to superseded, over the API, with everything that is refused on it.</summary>
public abstract class PolicyLifeTests(ExeuntApp app)
{
    [Fact]
    public async Task Goes_from_draft_over_four_people_to_publication()
    {
        var policy = ADocument();
        var draft = await app.Draft(policy);
        (draft["version"]!.GetValue<int>(), draft["status"]!.GetValue<string>()).ShouldBe((1, "Draft"));

        await app.Sign(draft);
        var published = await app.Post(Role.Legal, $"{PathOf(draft)}/publish");

        published["status"]!.GetValue<string>().ShouldBe("Published");
        (await app.Versions(policy.Number)).Single()["standing"]!.GetValue<string>().ShouldBe("InForce");
        await app.With<AppDb>(async db =>
        {
            var signatures = await db.PolicySignOffs.Where(s => s.Number == policy.Number).OrderBy(s => s.Step).ToListAsync();
            signatures.ShouldAllBe(s => s.Digest == PolicyVersion.DigestOf(policy.ToJson()));
            signatures.Select(s => s.By).Distinct().Count().ShouldBe(4);
            (await db.AuditLog.Where(a => a.Target == $"policy:{policy.Number}:1").OrderBy(a => a.Id).Select(a => a.Verb).ToListAsync())
                .ShouldBe(["policy.drafted", "policy.submitted", "policy.signed", "policy.signed", "policy.signed", "policy.published"]);
        });
    }

    [Fact]
    public async Task Refuses_a_signature_of_a_writer_of_the_wrong_role_twice_or_of_another_text()
    {
        var draft = await app.Draft(ADocument());
        var path = PathOf(draft);
        (await app.Refused(Role.BranchHead, $"{path}/sign", Signature(draft))).ShouldBe("policy.not-in-sign-off");
        (await app.Refused(Role.BranchHead, $"{path}/submit")).ShouldBe("policy.writers-only");
        await app.Post(Role.Supervisor, $"{path}/submit");

        (await app.Refused(Role.Supervisor, $"{path}/sign", Signature(draft))).ShouldBe("policy.writer-signs");
        (await app.Refused(Role.Legal, $"{path}/sign", Signature(draft))).ShouldBe("policy.other-role");
        (await app.Refused(Role.Agent, $"{path}/sign", Signature(draft))).ShouldBe("not-allowed");
        (await app.Refused(Role.BranchHead, $"{path}/sign", """{"digest":"0000"}""")).ShouldBe("policy.document-changed");
        (await app.Refused(Role.Legal, $"{path}/publish")).ShouldBe("policy.not-signed");
        await app.Post(Role.BranchHead, $"{path}/sign", Signature(draft));
        (await app.Refused(Role.BranchHead, $"{path}/sign", Signature(draft))).ShouldBe("policy.signs-twice");
    }

    [Fact]
    public async Task Voids_every_signature_when_the_document_changes_and_makes_the_one_who_changed_it_a_writer()
    {
        var policy = ADocument();
        var draft = await app.Draft(policy);
        var path = PathOf(draft);
        await app.Sign(draft);

        var edited = await app.Post(Role.Legal, path, (policy with { Notice = NoticePeriod.OfDays(20) }).ToJson(), method: "PUT");

        edited["status"]!.GetValue<string>().ShouldBe("Draft");
        (await app.Refused(Role.Supervisor, $"{path}/publish")).ShouldBe("policy.not-signed");
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.BranchHead, $"{path}/sign", Signature(edited));
        await app.Post(Role.Finance, $"{path}/sign", Signature(edited));
        (await app.Refused(Role.Legal, $"{path}/sign", Signature(edited))).ShouldBe("policy.writer-signs");
        await app.Post(Role.Legal, $"{path}/sign", Signature(edited), name: "2");
        await app.Post(Role.Supervisor, $"{path}/publish");
    }

    [Fact]
    public async Task Lets_no_person_stand_twice_under_a_version_whatever_the_code_does()
    {
        var policy = ADocument();
        var draft = await app.Draft(policy);
        await app.Post(Role.Supervisor, $"{PathOf(draft)}/submit");
        await app.With<AppDb>(async db =>
        {
            var writer = await db.PolicySignOffs.SingleAsync(s => s.Number == policy.Number);
            db.ChangeTracker.Clear();
            db.PolicySignOffs.Add(new PolicySignOff { Number = policy.Number, Version = 1, Round = 0, By = writer.By, Step = SignOffStep.Approved, Digest = "d", At = app.Time.GetUtcNow() });
            db.Audit(await app.SystemCall(), "test.signature", "policy:test");
            var e = await Should.ThrowAsync<DbUpdateException>(() => db.SaveChangesAsync());
            db.IsUniqueViolation(e).ShouldBeTrue();
        });
    }

    [Fact]
    public async Task Comes_back_with_words_is_taken_back_and_discarded()
    {
        var policy = ADocument();
        var draft = await app.Draft(policy);
        var path = PathOf(draft);
        await app.Post(Role.Supervisor, $"{path}/submit");
        (await app.Refused(Role.BranchHead, $"{path}/return", """{"words":" "}""")).ShouldBe("required");
        await app.Post(Role.BranchHead, $"{path}/return", """{"words":"The notice is too long."}""");
        await app.Post(Role.Supervisor, $"{path}/submit");
        await app.Post(Role.Supervisor, $"{path}/withdraw");
        (await app.Refused(Role.Supervisor, $"{path}/withdraw")).ShouldBe("policy.not-in-sign-off");
        await app.Post(Role.Supervisor, $"{path}/discard");

        (await app.Refused(Role.Supervisor, $"{path}/submit")).ShouldBe("policy.not-a-draft");
        using var legal = await app.Browser(Role.Legal);
        (await legal.Get($"/policies/{policy.Number}/1")).Text.ShouldContain("The notice is too long.");
        (await app.Draft(policy))["version"]!.GetValue<int>().ShouldBe(2, "a discarded version keeps its number");
    }

    [Fact]
    public async Task Takes_effect_on_its_day_and_ends_the_version_before_it()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var policy = ADocument();
        await own.Publish(policy);
        var second = await own.Publish(policy with { EffectiveFrom = Today.AddDays(10), Notice = NoticePeriod.OfDays(20) });
        second["version"]!.GetValue<int>().ShouldBe(2);

        (await own.Versions(policy.Number)).Select(v => (v["version"]!.GetValue<int>(), v["standing"]!.GetValue<string>(), v["effectiveUntil"]?.GetValue<string>()))
            .ShouldBe([(2, "Scheduled", null), (1, "InForce", "2026-03-26")]);
        await own.AdvanceDays(9);
        (await own.Versions(policy.Number)).Select(v => v["standing"]!.GetValue<string>()).ShouldBe(["Scheduled", "InForce"]);
        await own.AdvanceDays(1);
        (await own.Versions(policy.Number)).Select(v => v["standing"]!.GetValue<string>()).ShouldBe(["InForce", "Superseded"]);
        (await own.Refused(Role.Supervisor, $"/api/policies/{policy.Number}/1", policy.ToJson(), method: "PUT")).ShouldBe("policy.published");
    }

    [Fact]
    public async Task Refuses_dates_that_are_past_or_overlap()
    {
        var past = await app.Draft(ADocument(Today.AddDays(-1)));
        await app.Sign(past);
        (await app.Refused(Role.Legal, $"{PathOf(past)}/publish")).ShouldBe("policy.retroactive");

        var policy = ADocument(Today.AddDays(10));
        await app.Publish(policy);
        var before = await app.Draft(policy with { EffectiveFrom = Today.AddDays(5) });
        await app.Sign(before);
        (await app.Refused(Role.Legal, $"{PathOf(before)}/publish")).ShouldBe("policy.overlaps");
    }

    [Fact]
    public async Task Keeps_one_version_of_a_number_open_at_a_time_and_a_change_from_an_old_text_out()
    {
        var policy = ADocument();
        var draft = await app.Draft(policy);
        (await app.Refused(Role.Supervisor, "/api/policies", policy.ToJson())).ShouldBe("policy.draft-open");
        (await app.Refused(Role.Supervisor, PathOf(draft), (policy with { Number = "JY-99" }).ToJson(), method: "PUT")).ShouldBe("policy.number-fixed");

        using var client = await app.SignIn(Role.Supervisor);
        using var request = new HttpRequestMessage(HttpMethod.Put, PathOf(draft)) { Content = new StringContent((policy with { TitleEnglish = "Other" }).ToJson()) };
        request.Headers.TryAddWithoutValidation("If-Match", "\"of-yesterday\"");
        ((int)(await client.SendAsync(request)).StatusCode).ShouldBe(409);
    }

    [Fact]
    public async Task Asks_for_the_review_on_its_day_until_somebody_records_it()
    {
        await using var own = await ExeuntApp.Start(app.On);
        var policy = ADocument() with { ReviewOn = Today.AddDays(3) };
        await own.Publish(policy);
        using var legal = await own.Browser(Role.Legal);
        await own.AdvanceDays(2);
        (await legal.Get("/today")).Text.ShouldNotContain(policy.Number);
        await own.AdvanceDays(2);
        (await legal.Get("/today")).Text.ShouldContain($"Review policy {policy.Number} version 1");
        (await legal.Get("/policies")).Text.ShouldContain("Review due");
        using var agent = await own.Browser(Role.Agent);
        (await agent.Get("/today")).Text.ShouldNotContain(policy.Number);

        (await own.Refused(Role.Legal, $"/api/policies/{policy.Number}/1/review", """{"words":"Fine.","nextOn":"2026-03-20"}""")).ShouldBe("policy.next-review");
        await legal.Get($"/policies/{policy.Number}/1");
        (await legal.Submit("#review-form", new { words = "", nextOn = "2026-09-01" })).Status.ShouldBe(422);
        (await legal.Submit("#review-form", new { words = "Complaints fell; nothing to change.", nextOn = "2026-09-01" })).Text.ShouldContain("Complaints fell");

        (await legal.Get("/today")).Text.ShouldNotContain(policy.Number);
        (await own.Versions(policy.Number)).Single()["reviewOn"]!.GetValue<string>().ShouldBe("2026-09-01");
    }

    [Fact]
    public async Task Tells_a_signer_on_their_day_what_waits_for_them()
    {
        var policy = ADocument();
        await app.Post(Role.Supervisor, $"{PathOf(await app.Draft(policy))}/submit");

        using var head = await app.Browser(Role.BranchHead);
        using var legal = await app.Browser(Role.Legal);
        (await head.Get("/today")).Text.ShouldContain($"Sign policy {policy.Number} version 1");
        (await legal.Get("/today")).Text.ShouldNotContain($"Sign policy {policy.Number}");
    }

    [Fact]
    public async Task Says_everything_that_is_wrong_with_a_document_and_where()
    {
        var problem = await app.Post(Role.Supervisor, "/api/policies", """{"number":"JY-77","version":1,"effectiveFrom":"2026-01-01","titleEnglish":"T","titleChinese":"政","rounding":"UP","lines":7}""", status: 422);

        problem["errors"]!.AsArray().Select(e => e!["path"]!.GetValue<string>()).ShouldBe(["rounding", "lines"]);
        problem["errors"]![0]!["line"]!.GetValue<int>().ShouldBe(1);
        (await app.Post(Role.Agent, "/api/policies/check", ADocument().ToJson())).AsArray().ShouldBeEmpty();
        (await app.Post(Role.Agent, "/api/policies/check", "{", status: 422))["code"]!.GetValue<string>().ShouldBe("policy.not-json");
    }

    [Fact]
    public async Task Gives_out_the_document_and_its_schema()
    {
        var policy = ADocument();
        await app.Draft(policy);
        using var client = await app.SignIn(Role.Agent);
        (await client.GetStringAsync($"/api/policies/{policy.Number}/1")).ShouldBe(policy.ToJson());
        using var anybody = app.Client();
        (await anybody.GetFromJsonAsync<JsonObject>("/schemas/termination-policy.json"))!["properties"]!["etf"].ShouldNotBeNull();
        using var browser = await app.Browser(Role.Agent);
        var file = await browser.Get($"/policies/{policy.Number}/1/policy.json");
        PolicyDocument.Read(file.Html).Policy!.ToJson().ShouldBe(policy.ToJson());
    }

    public sealed class OnSqlite(SqliteApp app) : PolicyLifeTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PolicyLifeTests(app), IClassFixture<PostgresApp>;
}
