using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Terms;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Terms;

/// <summary>The text of a policy as customers read it.</summary>
public sealed class TermsTextTests
{
    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public void Says_every_rule_of_the_policy_once(string language)
    {
        var t = Texts.In(language);
        var policy = GeneralPolicy.Document with { HandOvers = [new(PolicySide.Customer, "router", new("Router", "路由器"), 14, new Money(200_00, "CNY"))] };
        var text = TermsText.OfPolicy(policy, t);
        var lines = text.Parts.SelectMany(p => p.Lines).ToList();
        foreach (var sentence in PolicyWords.Sentences(policy, t).Where(s => s.Part != PolicyPart.Consequences))
            lines.Count(l => l == sentence.Text).ShouldBe(1, sentence.Text);
        text.Parts.Select(p => p.Heading).ShouldBeUnique();
        text.Sha256.ShouldBe(TermsText.OfPolicy(policy, t).Sha256);
    }

    [Fact]
    public void Tells_all_five_consequences_also_where_the_policy_is_silent()
    {
        TermsText.OfConsequences(GeneralPolicy.Document, Texts.English).Parts.ShouldHaveSingleItem().Lines.Count.ShouldBe(5);
        var told = GeneralPolicy.Document with { Consequences = new() { ReportedToCreditBureau = true, Points = new("They lapse.", "积分作废。"), ResignAfterDays = 30 } };
        var lines = TermsText.OfConsequences(told, Texts.Chinese).Parts[0].Lines;
        lines[0].ShouldContain("会报送征信机构");
        lines[2].ShouldContain("积分作废。");
        lines[4].ShouldContain("30 天");
    }
}
