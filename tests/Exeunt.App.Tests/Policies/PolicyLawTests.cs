using System.Text.Json.Nodes;
using Exeunt.App.Features.Policies;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;
using static Exeunt.App.Tests.Policies.PolicyWorld;

namespace Exeunt.App.Tests.Policies;

/// <summary>A policy that the law forbids is not published until it is mended; warnings have to be read.</summary>
public abstract class PolicyLawTests(ExeuntApp app)
{
    [Fact]
    public async Task Refuses_what_the_law_forbids_and_publishes_it_once_mended()
    {
        // § 309 Nr. 9 BGB: at most 24 months for a consumer.
        var policy = ADocument() with
        {
            Scope = new PolicyScope(["DE"]), MaxTermMonths = 36, Etf = null, Device = Core.Settlement.DeviceRule.None, HandOvers = [], DamagePrices = [], Grounds = [], Notice = NoticePeriod.OfMonths(1),
            Renewal = new RenewalTerms(RenewalKind.Indefinite, Notice: NoticePeriod.OfMonths(1)),
        };
        var draft = await app.Draft(policy);
        var no = await app.Post(Role.Supervisor, $"{PathOf(draft)}/submit", status: 422);
        no["code"]!.GetValue<string>().ShouldBe("policy.against-the-law");
        no["title"]!.GetValue<string>().ShouldContain("309");
        using var legal = await app.Browser(Role.Legal);
        (await legal.Get($"/policies/{policy.Number}/1")).Of("#law")!.ShouldContain("Forbidden");

        var mended = policy with { MaxTermMonths = 24 };
        var edited = await app.Post(Role.Supervisor, PathOf(draft), mended.ToJson(), method: "PUT");
        await app.Sign(edited);
        var warnings = PolicyCheck.Of(mended, BuiltInPacks.For("DE"), mended.EffectiveFrom);
        warnings.ShouldAllBe(f => !f.Blocks);
        if (warnings.Count > 0)
            (await app.Refused(Role.Legal, $"{PathOf(draft)}/publish")).ShouldBe("policy.warnings");
        var read = new JsonObject { ["acknowledged"] = new JsonArray([.. warnings.Select(w => (JsonNode?)w.Rule.Id)]) };
        (await app.Post(Role.Legal, $"{PathOf(draft)}/publish", read.ToJsonString()))["status"]!.GetValue<string>().ShouldBe("Published");
    }

    [Fact]
    public void Finds_nothing_forbidden_in_the_general_policy() =>
        PolicyCheck.Of(GeneralPolicy.Document, [.. BuiltInPacks.For("CN"), .. BuiltInPacks.For("GB")], GeneralPolicy.Document.EffectiveFrom).Where(f => f.Blocks).Select(f => f.Rule.Id).ShouldBeEmpty();

    public sealed class OnSqlite(SqliteApp app) : PolicyLawTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : PolicyLawTests(app), IClassFixture<PostgresApp>;
}
