using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Cases;

public sealed class ApprovalMatrixTests
{
    private static readonly ApprovalMatrix Stepped = ApprovalMatrix.Stepped;

    [Theory]
    [InlineData(0, "CNY", "Supervisor")]
    [InlineData(500_000, "CNY", "Supervisor")]
    [InlineData(-500_000, "CNY", "Supervisor")]
    [InlineData(500_001, "CNY", "Supervisor/BranchHead; Finance")]
    [InlineData(5_000_000, "CNY", "Supervisor/BranchHead; Finance")]
    [InlineData(50_000_000, "CNY", "Finance, Legal")]
    [InlineData(50_000_001, "CNY", "Finance, Legal; BranchHead")]
    // A currency without limits takes the strictest.
    [InlineData(1, "EUR", "Finance, Legal; BranchHead")]
    public void The_amount_says_who(long minor, string currency, string who) =>
        Text(Stepped.Needed(ApprovalSubject.Settlement, CaseKind.Termination, new Exeunt.Core.Money(minor, currency), "Normal", null)).ShouldBe(who);

    [Fact]
    public void Without_an_amount_the_last_limit_says_who() =>
        Text(Stepped.Needed(ApprovalSubject.Settlement, CaseKind.Termination, null, null, null)).ShouldBe("Finance, Legal; BranchHead");

    [Fact]
    public void The_first_rule_that_fits_says_who()
    {
        Text(Stepped.Needed(ApprovalSubject.Decision, CaseKind.Offboarding, null, "Vip", "FRAUD")).ShouldBe("BranchHead, Legal; Finance");
        Text(Stepped.Needed(ApprovalSubject.Decision, CaseKind.Offboarding, null, "Normal", "FRAUD")).ShouldBe("BranchHead, Legal");
    }

    [Fact]
    public void A_first_level_reason_fits_all_below_it()
    {
        var matrix = new ApprovalMatrix(1, [Rule("price", "CNY 100", [[Approver.Of(Role.Legal)]]) with { Reasons = ["PRICE"] }, .. ApprovalMatrix.General.Rules]);
        string Who(string? reason) => Text(matrix.Needed(ApprovalSubject.Settlement, CaseKind.Termination, new Exeunt.Core.Money(1, "CNY"), null, reason));
        Who("PRICE").ShouldBe("Legal");
        Who("PRICE/TOO_HIGH").ShouldBe("Legal");
        Who("PRICELESS").ShouldBe("Finance, Legal");
        Who(null).ShouldBe("Finance, Legal");
    }

    [Fact]
    public void What_no_rule_fits_gets_the_strictest()
    {
        var matrix = Stepped with { Rules = [.. Stepped.Rules.Select(r => r with { Kinds = [CaseKind.Offboarding] })] };
        Text(matrix.Needed(ApprovalSubject.Settlement, CaseKind.Termination, new Exeunt.Core.Money(1, "CNY"), null, null)).ShouldBe("Finance, Legal; BranchHead");
        Text(new ApprovalMatrix(1, []).Needed(ApprovalSubject.Settlement, CaseKind.Termination, null, null, null)).ShouldBe("Finance, Legal");
    }

    [Fact]
    public void Small_amounts_can_go_without_anybody()
    {
        var matrix = new ApprovalMatrix(1, [Rule("settlement", "CNY 100", []), ApprovalMatrix.General.Rules[1]]);
        ApprovalMatrixDocument.Check(matrix).ShouldBeEmpty();
        matrix.Needed(ApprovalSubject.Settlement, CaseKind.Termination, new Exeunt.Core.Money(10_000, "CNY"), null, null).ShouldBeEmpty();
        matrix.Needed(ApprovalSubject.Settlement, CaseKind.Termination, new Exeunt.Core.Money(10_001, "CNY"), null, null).ShouldNotBeEmpty();
        matrix.Needed(ApprovalSubject.Settlement, CaseKind.Termination, new Exeunt.Core.Money(1, "USD"), null, null).ShouldNotBeEmpty();
    }

    [Fact]
    public void Reads_what_it_writes()
    {
        foreach (var matrix in new[] { ApprovalMatrix.General, Stepped, new ApprovalMatrix(3, [Rule("a", "CNY 5", []) with { Kinds = [CaseKind.Termination], Tiers = ["Vip"], Reasons = ["PRICE"] }, .. Stepped.Rules]) })
        {
            var read = ApprovalMatrixDocument.Read(ApprovalMatrixDocument.Write(matrix));
            read.Problems.Select(p => $"{p.Path} {p.Code} {p.Says.English}").ShouldBeEmpty();
            ApprovalMatrixDocument.ToJson(read.Matrix!).ShouldBe(ApprovalMatrixDocument.ToJson(matrix));
        }
    }

    [Fact]
    public void Refuses_what_has_gaps_or_overlaps()
    {
        var (any, last) = (Limit("", [[Approver.Of(Role.Finance)]]), ApprovalMatrix.General.Rules[1]);
        ApprovalRule Of(params ApprovalLimit[] limits) => new("settlement", ApprovalSubject.Settlement, limits);
        Refuses("gap", "rules[0].limits[0].upTo", Of(Limit("CNY 5", any.Stages)), last);
        Refuses("overlap", "rules[0].limits[0].upTo", Of(any, any), last);
        Refuses("overlap", "rules[0].limits[1].upTo", Of(Limit("CNY 5", any.Stages), Limit("CNY 5", any.Stages), any), last);
        Refuses("gap", "rules[0].limits[1].upTo", Of(Limit("CNY 5,EUR 1", any.Stages), Limit("CNY 6", any.Stages), any), last);
        Refuses("repeated", "rules[0].limits[0].upTo", Of(Limit("CNY 5,CNY 6", any.Stages), any), last);
        Refuses("range", "rules[0].limits[0].upTo", Of(Limit("CNY 0", any.Stages), any), last);
        Refuses("missing", "rules[0].limits", Of(), last);
        Refuses("gap", "rules", Of(any) with { Tiers = ["Vip"] }, last);
        Refuses("never-used", "rules[1]", Of(any), Of(any) with { Id = "later", Tiers = ["Vip"] }, last);
        Refuses("repeated", "rules[1].id", Of(any) with { Tiers = ["Vip"] }, Of(any), last);
    }

    [Fact]
    public void Refuses_a_way_on_which_only_those_approve_who_ask()
    {
        var last = ApprovalMatrix.General.Rules[1];
        Refuses("own-request", "rules[0].limits[0].stages", Rule("settlement", null, [[Approver.Of(Role.Agent)], [new Approver([Role.AccountManager])]]), last);
        Refuses("own-request", "rules[1].limits[0].stages", ApprovalMatrix.General.Rules[0], last with { Limits = [Limit("", [[Approver.Of(Role.Supervisor)]])] });
        Refuses("never-approves", "rules[0].limits[0].stages[0][0].anyOf", Rule("settlement", null, [[new Approver([Role.Finance, Role.Analyst])]]), last);
    }

    [Fact]
    public void Refuses_that_nobody_approves_any_amount_or_a_decision()
    {
        Refuses("nobody", "rules[0].limits[0].stages", Rule("settlement", null, []), ApprovalMatrix.General.Rules[1]);
        Refuses("nobody", "rules[1].limits[0].stages", ApprovalMatrix.General.Rules[0], new("decision", ApprovalSubject.Decision, [Limit("", [])]));
        Refuses("missing", "rules[0].limits[0].stages[0]", Rule("settlement", null, [[]]), ApprovalMatrix.General.Rules[1]);
    }

    [Theory]
    [InlineData("""{"version":1,"rules":[{"id":"a","of":"Settlement","limits":[{"upTo":["5 XXQ"],"stages":[]}]}]}""", "rules[0].limits[0].upTo[0]", "approvals.amount")]
    [InlineData("""{"version":1,"rules":[{"id":"a","of":"Settlement","limits":[{"upTo":["5.001 CNY"],"stages":[]}]}]}""", "rules[0].limits[0].upTo[0]", "approvals.amount")]
    [InlineData("""{"version":1,"rules":[{"id":"a","of":"Everything","limits":[]}]}""", "rules[0].of", "approvals.wrong-value")]
    [InlineData("""{"version":1,"rules":[],"more":1}""", "more", "approvals.unknown-name")]
    [InlineData("""{"version":1}""", "rules", "approvals.missing")]
    [InlineData("nothing", "", "approvals.not-json")]
    public void Names_what_is_wrong_with_a_document(string json, string path, string code) =>
        ApprovalMatrixDocument.Read(json).Problems.ShouldContain(p => p.Path == path && p.Code == code);

    private static void Refuses(string code, string path, params ApprovalRule[] rules)
    {
        var problems = ApprovalMatrixDocument.Check(new(1, rules));
        problems.ShouldContain(p => p.Code == "approvals." + code && p.Path == path, string.Join("; ", problems.Select(p => $"{p.Path} {p.Code}")));
        problems.ShouldAllBe(p => p.Says.English.Length > 0 && p.Says.Chinese.Length > 0);
    }

    private static ApprovalRule Rule(string id, string? upTo, IReadOnlyList<IReadOnlyList<Approver>> stages) =>
        new(id, ApprovalSubject.Settlement, upTo is null ? [Limit("", stages)] : [Limit(upTo, stages), Limit("", [[Approver.Of(Role.Finance), Approver.Of(Role.Legal)]])]);

    private static ApprovalLimit Limit(string upTo, IReadOnlyList<IReadOnlyList<Approver>> stages) =>
        new([.. upTo.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(t => t.Split(' ') is [var c, var a] ? Exeunt.Core.Money.Parse(a, c) : default)], stages);

    private static string Text(IReadOnlyList<IReadOnlyList<Approver>> stages) =>
        string.Join("; ", stages.Select(s => string.Join(", ", s.Select(a => string.Join('/', a.AnyOf)))));
}
