using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Policies;

/// <summary>The way of a version: draft → sign-off → published → superseded, and who may take which step.</summary>
public sealed class PolicyVersionTests
{
    private static readonly DateOnly Today = new(2026, 3, 1);
    private static readonly Actor Writer = Staff("writer", Role.Supervisor), Reviewer = Staff("reviewer", Role.BranchHead), Money = Staff("money", Role.Finance), Lawyer = Staff("lawyer", Role.Legal);

    [Fact]
    public void Goes_from_draft_over_four_signatures_to_publication()
    {
        var signed = Signed();
        signed.SignOffs.Select(s => (s.Step, s.By)).ShouldBe([(SignOffStep.Prepared, "writer"), (SignOffStep.Reviewed, "reviewer"), (SignOffStep.Rereviewed, "money"), (SignOffStep.Approved, "lawyer")]);

        var published = signed.Publish(Today, null, Today, []).Value;

        published.Status.ShouldBe(PolicyStatus.Published);
        published.Supersede().Status.ShouldBe(PolicyStatus.Superseded);
    }

    [Fact]
    public void Asks_for_the_signatures_in_order()
    {
        var submitted = Draft().Submit("writer").Value;

        submitted.Next!.Step.ShouldBe(SignOffStep.Reviewed);
        submitted.Sign(Lawyer, "d1").Refusal!.Code.ShouldBe("policy.other-role");
        submitted.Publish(Today, null, Today, []).Refusal!.Code.ShouldBe("policy.not-signed");
        Draft().Publish(Today, null, Today, []).Refusal!.Code.ShouldBe("policy.not-signed");
    }

    [Fact]
    public void Refuses_the_signature_of_whoever_wrote_any_of_it()
    {
        var two = Draft().Edit("reviewer", "d2").Value.Submit("writer").Value;

        two.Sign(Writer, "d2").Refusal!.Code.ShouldBe("policy.writer-signs");
        two.Sign(Reviewer, "d2").Refusal!.Code.ShouldBe("policy.writer-signs");
    }

    [Fact]
    public void Refuses_two_signatures_of_one_person()
    {
        var both = Staff("both", Role.BranchHead, Role.Finance);
        var reviewed = Draft().Submit("writer").Value.Sign(both, "d1").Value;

        reviewed.Sign(both, "d1").Refusal!.Code.ShouldBe("policy.signs-twice");
    }

    [Fact]
    public void Binds_a_signature_to_the_document_that_was_read() =>
        Draft().Submit("writer").Value.Sign(Reviewer, "d0").Refusal!.Code.ShouldBe("policy.document-changed");

    [Fact]
    public void Voids_every_signature_when_the_document_is_changed()
    {
        var changed = Signed().Edit("lawyer", "d2").Value;

        changed.Status.ShouldBe(PolicyStatus.Draft);
        changed.SignOffs.ShouldBeEmpty();
        changed.Submit("lawyer").Value.Sign(Reviewer, "d2").Value.Sign(Money, "d2").Value.Sign(Lawyer, "d2").Refusal!.Code.ShouldBe("policy.writer-signs");
    }

    [Fact]
    public void Goes_back_to_its_writers_when_a_signer_returns_it_or_a_writer_withdraws_it()
    {
        var submitted = Draft().Submit("writer").Value;

        submitted.Return(Reviewer).Value.Status.ShouldBe(PolicyStatus.Draft);
        submitted.Return(Lawyer).Refusal!.Code.ShouldBe("policy.other-role");
        submitted.Withdraw("writer").Value.SignOffs.ShouldBeEmpty();
        submitted.Withdraw("money").Refusal!.Code.ShouldBe("policy.writers-only");
        Signed().Return(Lawyer).Value.Status.ShouldBe(PolicyStatus.Draft);
        Signed().Publish(Today, null, Today, []).Value.Return(Lawyer).Refusal!.Code.ShouldBe("policy.not-in-sign-off");
    }

    [Fact]
    public void Does_not_change_once_it_is_published_or_discarded()
    {
        Signed().Publish(Today, null, Today, []).Value.Edit("writer", "d2").Refusal!.Code.ShouldBe("policy.published");
        Draft().Discard().Value.Edit("writer", "d2").Refusal!.Code.ShouldBe("policy.published");
        Draft().Submit("writer").Value.Discard().Refusal!.Code.ShouldBe("policy.not-a-draft");
    }

    [Fact]
    public void Takes_effect_today_or_later_and_after_every_other_version()
    {
        var first = new InForce("JY-02", 1, new(2026, 1, 1), null);

        Signed().Publish(Today.AddDays(-1), null, Today, [first]).Refusal!.Code.ShouldBe("policy.retroactive");
        Signed().Publish(Today.AddDays(30), null, Today, [first, new("JY-02", 2, Today.AddDays(40), null)]).Refusal!.Code.ShouldBe("policy.overlaps");
        Signed().Publish(Today, null, Today, [new("JY-02", 2, Today, null)]).Refusal!.Code.ShouldBe("policy.overlaps");
        Signed().Publish(Today.AddDays(30), null, Today, [first]).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public void Is_not_published_against_the_law_or_with_a_warning_nobody_read()
    {
        var forbidden = Finding("DE-309-9", blocks: true);
        var warning = Finding("CN-8", blocks: false);

        var no = PolicyVersion.WhyNotLawful([forbidden, warning], ["CN-8"])!;
        no.Code.ShouldBe("policy.against-the-law");
        no.English.ShouldContain("Article of DE-309-9: Too long. Make it shorter.");
        no.Chinese.ShouldContain("Article of DE-309-9：过长。请缩短。");
        no.Field.ShouldBe("maxTermMonths");
        PolicyVersion.WhyNotLawful([warning], [])!.Code.ShouldBe("policy.warnings");
        PolicyVersion.WhyNotLawful([warning], ["CN-8"]).ShouldBeNull();
        PolicyVersion.WhyNotLawful([], []).ShouldBeNull();

        static PolicyFinding Finding(string id, bool blocks) => new(
            new LegalRule
            {
                Id = id, Title = new("T", "题"), Text = new("T", "文"), Effect = RuleEffect.Cap, Article = $"Article of {id}", Source = "the act", Status = RuleStatus.Verified,
            }, "XX 1", blocks, "maxTermMonths", new("Too long.", "过长。"), new("Make it shorter.", "请缩短。"));
    }

    [Theory]
    [InlineData("2025-12-31", null)]
    [InlineData("2026-01-01", 1)]
    [InlineData("2026-05-31", 1)]
    [InlineData("2026-06-01", 3)]
    [InlineData("2027-01-01", null)]
    public void Knows_the_version_in_force_on_a_day(string day, int? version)
    {
        InForce[] all = [new("P", 1, new(2026, 1, 1), new(2026, 6, 1)), new("P", 3, new(2026, 6, 1), new(2027, 1, 1))];
        var inForce = InForce.On(all, DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
        (inForce?.Version).ShouldBe(version);
    }

    [Fact]
    public void Gives_a_contract_the_version_in_force_at_its_start_and_an_older_one_the_first()
    {
        InForce[] all = [new("P", 1, new(2026, 1, 1), new(2026, 6, 1)), new("P", 2, new(2026, 6, 1), new(2027, 1, 1))];

        InForce.ForContract(all, new(2020, 1, 1))!.Version.ShouldBe(1);
        InForce.ForContract(all, new(2026, 7, 1))!.Version.ShouldBe(2);
        InForce.ForContract(all, new(2027, 7, 1)).ShouldBeNull();
        InForce.ForContract([], new(2027, 7, 1)).ShouldBeNull();
    }

    private static PolicyVersion Draft() => PolicyVersion.Drafted("JY-02", 1, "writer", "d1");

    private static PolicyVersion Signed() => Draft().Submit("writer").Value.Sign(Reviewer, "d1").Value.Sign(Money, "d1").Value.Sign(Lawyer, "d1").Value;

    private static Actor Staff(string id, params Role[] roles) => new(ActorKind.Staff, id, [.. roles.Select(r => new RoleAssignment(r, "1."))]);
}
