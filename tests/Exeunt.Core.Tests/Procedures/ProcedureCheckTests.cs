using Exeunt.Core.Cases;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Procedures;

/// <summary>Each rule of a sound procedure, tried by breaking a sound one.</summary>
public sealed class ProcedureCheckTests
{
    private static readonly Procedure Termination = GeneralProcedures.Termination;
    private static readonly Procedure Offboarding = GeneralProcedures.Offboarding;
    private static readonly Procedure Immediate = GeneralProcedures.Immediate;

    [Fact]
    public void The_general_procedures_are_sound()
    {
        foreach (var procedure in GeneralProcedures.All)
        {
            ProcedureDocument.Check(procedure).ShouldBeEmpty();
            ProcedureCheck.Of(procedure).Select(p => p.In("en")).ShouldBeEmpty(procedure.Id);
        }
    }

    [Fact]
    public void Every_problem_says_where_and_how_to_mend_it()
    {
        foreach (var procedure in RandomProcedures.Some(500))
            foreach (var problem in ProcedureCheck.Of(procedure))
            {
                problem.Code.ShouldStartWith("procedure.");
                problem.Says.English.ShouldNotBeNullOrWhiteSpace();
                problem.Says.Chinese.ShouldNotBeNullOrWhiteSpace();
                problem.Fix!.English.ShouldNotBeNullOrWhiteSpace();
                problem.Fix.Chinese.ShouldNotBeNullOrWhiteSpace();
                if (problem.Part is { } step)
                    procedure.Find(step).ShouldNotBeNull();
            }
    }

    // ---- the graph ----------------------------------------------------------------------------------------------------

    [Fact]
    public void Refuses_two_steps_with_one_code() => Refuses("repeated-step", "talk", Termination with { Steps = [.. Termination.Steps, Termination.Step("talk") with { After = ["close"] }] });

    [Fact]
    public void Refuses_a_step_that_waits_for_what_is_not_there() => Refuses("unknown-step", "talk", With(Termination, "talk", s => s with { After = ["greeting"] }));

    [Fact]
    public void Refuses_steps_that_wait_for_each_other()
    {
        Refuses("unreachable", "talk", With(Termination, "talk", s => s with { After = ["offer"] }));
        // And what waits behind them.
        Refuses("unreachable", "close", With(Termination, "talk", s => s with { After = ["offer"] }));
    }

    [Fact]
    public void Refuses_a_procedure_without_an_end() => Refuses("no-end", null, Without(Termination, "close"));

    [Fact]
    public void Refuses_two_ends() => Refuses("several-ends", "close-2", Plus(Termination, Termination.Step("close") with { Id = "close-2" }));

    [Fact]
    public void Refuses_a_step_after_the_end() => Refuses("after-end", "thanks", Plus(Termination, new("thanks", StepKind.Notify, new("Thanks", "致谢"), ["close"]) { Letter = "ended" }));

    [Fact]
    public void Refuses_a_step_that_leads_nowhere() => Refuses("dead-end", "survey", With(Termination, "close", s => s with { After = ["erase", "follow-up"] }));

    [Theory]
    [InlineData("archive")]
    [InlineData("certificate")]
    [InlineData("erase")]
    [InlineData("reconcile")]
    public void Refuses_a_procedure_that_lacks_what_every_ending_needs(string step) => Refuses("missing-step", null, Without(Termination, step));

    [Fact]
    public void Refuses_a_needed_step_that_could_be_left_out() =>
        Refuses("must-not-be-left-out", "archive", With(Termination, "archive", s => s with { When = [new(CaseFact.Tier, Comparison.Is, ["Vip"])] }));

    [Fact]
    public void Refuses_a_talk_or_a_notice_that_an_offboarding_could_leave_out()
    {
        StepCondition[] vip = [new(CaseFact.Tier, Comparison.Is, ["Vip"])];
        Refuses("must-not-be-left-out", "talk", With(Offboarding, "talk", s => s with { When = vip }));
        Refuses("must-not-be-left-out", "notice", With(Offboarding, "notice", s => s with { When = vip }));
        Refuses("must-not-be-left-out", "notice", With(Immediate, "notice", s => s with { When = vip }));
        Sound(With(Offboarding, "ended", s => s with { When = vip }));
        Sound(With(Termination, "talk", s => s with { When = vip }));
    }

    [Theory]
    [InlineData("money")]
    [InlineData("reconcile")]
    [InlineData("certificate")]
    [InlineData("survey")]
    [InlineData("erase")]
    public void Refuses_twice_what_a_case_goes_through_once(string step) => Refuses("only-once", step + "-2", Plus(Termination, Termination.Step(step) with { Id = step + "-2" }));

    [Fact]
    public void Lets_a_small_amount_go_without_approval_but_no_other_reason()
    {
        Sound(With(Termination, "approve", s => s with { When = [new(CaseFact.Amount, Comparison.MoreThan, ["CNY 100"])] }));
        Refuses("approval-left-out", "approve", With(Termination, "approve", s => s with { When = [new(CaseFact.Tier, Comparison.IsNot, ["Vip"])] }));
    }

    // ---- who and when -------------------------------------------------------------------------------------------------

    [Fact]
    public void Refuses_a_start_without_identity()
    {
        Refuses("identity-first", "talk", With(Termination, "talk", s => s with { After = [] }));
        Refuses("identity-first", null, Without(Termination, "identity"));
        Refuses("identity-first", "identity-2", Plus(Termination, Termination.Step("identity") with { Id = "identity-2" }));
    }

    [Fact]
    public void Refuses_two_last_days() => Refuses("several-dates", "effective-2", Plus(Termination, Termination.Step("effective") with { Id = "effective-2" }));

    [Fact]
    public void Refuses_to_stop_the_service_before_the_last_day() => Refuses("before-date", "work", With(Termination, "work", s => s with { After = ["settle"] }));

    [Fact]
    public void Refuses_to_order_money_before_the_last_day()
    {
        Refuses("before-date", "money", With(Termination, "money", s => s with { After = ["approve"] }));
        Refuses("before-date", "money", With(Offboarding, "money", s => s with { After = ["talk"] }));
    }

    [Fact]
    public void Refuses_an_offer_after_the_last_day() => Refuses("offer-too-late", "offer", With(Termination, "offer", s => s with { After = ["effective"] }));

    [Theory]
    [InlineData("effective", "talk")]
    [InlineData("archive", "approve")]
    [InlineData("work", "formalities")]
    [InlineData("notice", "approve")]
    [InlineData("certificate", "reconcile")]
    public void Refuses_what_would_delay_a_customers_end(string end, string waitsFor) =>
        Refuses("delays-end", end, With(Termination, end, s => s with { After = [.. s.After, waitsFor] }));

    [Fact]
    public void Refuses_a_letter_that_would_delay_a_customers_end()
    {
        var greeting = new ProcedureStep("greeting", StepKind.Notify, new("Greeting", "问候"), ["identity"]) { Letter = "ended" };
        Refuses("delays-end", "effective", With(Plus(Termination, greeting), "effective", s => s with { After = ["greeting"] }));
    }

    [Fact]
    public void Refuses_roles_that_approve_their_own_request()
    {
        Refuses("approves-own-request", "approve", With(Termination, "approve", s => s with { Roles = [Role.Agent, Role.AccountManager] }));
        Refuses("approves-own-request", "decide", With(Offboarding, "decide", s => s with { Roles = [Role.Supervisor] }));
        Sound(With(Termination, "approve", s => s with { Roles = [Role.Supervisor] }));
    }

    [Fact]
    public void Refuses_an_analyst_who_approves() => Refuses("role-never-approves", "approve", With(Termination, "approve", s => s with { Roles = [Role.Finance, Role.Analyst] }));

    [Fact]
    public void Refuses_an_approval_of_nothing_or_of_the_same_twice()
    {
        Refuses("approves-nothing", "approve", With(Termination, "approve", s => s with { Of = null }));
        Refuses("approved-twice", "again", Plus(Termination, Termination.Step("approve") with { Id = "again" }));
    }

    [Theory]
    [InlineData("talk", "incomplete")]
    [InlineData("reconcile", "incomplete")]
    public void Refuses_steps_of_people_without_roles(string step, string code) => Refuses(code, step, With(Termination, step, s => s with { Roles = [] }));

    [Fact]
    public void Refuses_a_due_time_that_nobody_watches()
    {
        Refuses("nobody-told", "talk", With(Termination, "talk", s => s with { EscalateTo = [] }));
        Refuses("never-due", "talk", With(Termination, "talk", s => s with { DueHours = null }));
    }

    [Fact]
    public void Refuses_what_the_kind_does_not_know()
    {
        Refuses("not-of-this-kind", "talk", With(Termination, "talk", s => s with { Letter = "ended" }));
        Refuses("not-of-this-kind", "certificate", With(Termination, "certificate", s => s with { Manual = true }));
        Refuses("incomplete", "notice", With(Termination, "notice", s => s with { Letter = null }));
        Refuses("incomplete", "work", With(Termination, "work", s => s with { Tasks = [] }));
        Refuses("incomplete", "survey", With(Termination, "survey", s => s with { Days = null }));
        Refuses("unknown-letter", "notice", With(Termination, "notice", s => s with { Letter = "greetings" }));
    }

    [Fact]
    public void Refuses_a_condition_on_what_is_not_known_yet()
    {
        Refuses("condition-too-early", "talk", With(Termination, "talk", s => s with { When = [new(CaseFact.Amount, Comparison.MoreThan, ["CNY 1"])] }));
        Refuses("condition-too-early", "talk", With(Termination, "talk", s => s with { When = [new(CaseFact.Reason, Comparison.Is, ["PRICE"])] }));
        Refuses("only-offboarding", "offer", With(Termination, "offer", s => s with { When = [new(CaseFact.Ground, Comparison.Is, ["FRAUD"])] }));
        Sound(With(Termination, "offer", s => s with { When = [new(CaseFact.Reason, Comparison.Is, ["PRICE"])] }));
    }

    // ---- the law ------------------------------------------------------------------------------------------------------

    [Fact]
    public void Refuses_an_offer_where_the_law_forbids_it()
    {
        var german = Termination with { Hours = Termination.Hours with { Place = "DE" } };
        OfferBan[] bans = [new("DE", "DE-KB-PAGE", "BGB § 312k", Party.Consumer)];
        ProcedureCheck.Of(german, bans).ShouldContain(p => p.Code == "procedure.offer-forbidden" && p.Part == "offer");
        // Elsewhere, or only for others than those it protects, it may be made.
        ProcedureCheck.Of(Termination, bans).ShouldBeEmpty();
        ProcedureCheck.Of(With(german, "offer", s => s with { When = [new(CaseFact.Party, Comparison.Is, ["Business"])] }), bans).ShouldBeEmpty();
        ProcedureCheck.Of(With(german, "offer", s => s with { When = [new(CaseFact.Party, Comparison.IsNot, ["Consumer"])] }), bans).ShouldBeEmpty();
        ProcedureCheck.Of(With(german, "offer", s => s with { When = [new(CaseFact.Tier, Comparison.Is, ["Vip"])] }), bans).ShouldNotBeEmpty();
        ProcedureCheck.Of(With(german, "offer", s => s with { When = [new(CaseFact.Party, Comparison.Is, ["Business"])] }), [bans[0] with { Party = null }]).ShouldNotBeEmpty();
    }

    // ---- evidence and money -------------------------------------------------------------------------------------------

    [Fact]
    public void Refuses_work_orders_before_the_archive() => Refuses("archive-first", "work", With(Termination, "work", s => s with { After = ["effective"] }));

    [Fact]
    public void Refuses_what_cannot_be_undone_before_the_archive() =>
        Refuses("archive-first", "restrict", With(Offboarding, "restrict", s => s with { Tasks = [s.Tasks[0] with { Irreversible = true }] }));

    [Fact]
    public void Refuses_to_send_what_is_not_there_yet()
    {
        Refuses("survey-too-early", "survey", With(Termination, "survey", s => s with { After = ["work"] }));
        Refuses("letter-too-early", "notice", With(Termination, "notice", s => s with { After = ["effective"] }));
        Refuses("letter-too-early", "notice", With(Termination, "notice", s => s with { After = ["settle"] }));
    }

    [Fact]
    public void Refuses_a_certificate_before_the_work_is_done() => Refuses("certificate-before-work", "certificate", With(Termination, "certificate", s => s with { After = ["archive"] }));

    [Theory]
    [InlineData("certificate")]
    [InlineData("reconcile")]
    public void Refuses_to_erase_before(string needed) =>
        Refuses("erased-too-early", "erase", With(With(Termination, "erase", s => s with { After = [.. s.After.Where(a => a != needed), "archive"] }), "close", s => s with { After = [.. s.After, "certificate", "reconcile"] }));

    [Theory]
    [InlineData("survey")]
    [InlineData("follow-up")]
    public void Refuses_to_need_what_is_erased(string step) => Refuses("needs-what-is-erased", step, With(Termination, step, s => s with { After = ["erase"] }));

    [Fact]
    public void Refuses_money_that_nobody_approved() => Refuses("money-without-approval", "money", With(With(Termination, "money", s => s with { After = ["notice"] }), "close", s => s with { After = [.. s.After, "approve"] }));

    [Fact]
    public void Refuses_to_approve_before_there_is_something_to_approve() => Refuses("approval-too-early", "approve", With(Termination, "approve", s => s with { After = ["identity"] }));

    [Fact]
    public void Refuses_to_reconcile_before_the_money_is_ordered() => Refuses("reconciled-too-early", "reconcile", With(Termination, "reconcile", s => s with { After = ["notice"] }));

    // ---- the company ends ---------------------------------------------------------------------------------------------

    [Fact]
    public void Refuses_an_offboarding_that_nobody_decides() => Refuses("no-decision", null, Without(Offboarding, "decide"));

    [Fact]
    public void Refuses_an_offboarding_without_a_talk() => Refuses("talk-first", "decide", Without(With(Offboarding, "cure", s => s with { After = [] }), "talk"));

    [Fact]
    public void Refuses_an_offboarding_without_notice() => Refuses("no-notice", "effective", Without(Offboarding, "notice"));

    [Fact]
    public void Refuses_the_last_day_before_the_decision() => Refuses("decision-first", "effective", With(Offboarding, "effective", s => s with { After = ["talk"] }));

    [Fact]
    public void Refuses_an_improvement_agreement_after_the_decision() =>
        Refuses("cure-before-decision", "cure", With(With(Offboarding, "check", s => s with { After = ["talk"] }), "cure", s => s with { After = ["notice"] }));

    [Fact]
    public void Refuses_an_immediate_ending_that_is_reviewed_late_or_never()
    {
        Refuses("review-too-late", "review", With(Immediate, "review", s => s with { DueHours = 10 }));
        Refuses("review-too-late", "review", With(Immediate, "review", s => s with { DueHours = null, EscalateTo = [] }));
        Refuses("no-decision", null, Without(Immediate, "review"));
    }

    [Fact]
    public void Refuses_an_immediate_ending_that_closes_accounts_at_once() =>
        Refuses("before-date", "restrict", With(Immediate, "restrict", s => s with { Tasks = [s.Tasks[0] with { Irreversible = true }] }));

    /// <summary>Cases on the spot are started by their code, so nothing else may look like one, and that code may not look otherwise.</summary>
    [Fact]
    public void Knows_an_immediate_ending_by_its_code()
    {
        var shaped = Immediate with { Id = "quick-offboarding" };
        Refuses("immediate-elsewhere", "notice", shaped);
        Refuses("talk-first", "review", shaped);
        Refuses("immediate-elsewhere", "notice", With(Offboarding, "notice", s => s with { Letter = "immediate" }));
        Refuses("no-immediate-notice", null, With(Immediate, "notice", s => s with { After = ["review"] }));
        Refuses("no-immediate-notice", null, With(Immediate, "notice", s => s with { Letter = "decision" }));
        Refuses("no-immediate-notice", null, Offboarding with { Id = GeneralProcedures.ImmediateId });
    }

    [Fact]
    public void Keeps_the_two_ways_to_end_apart()
    {
        Refuses("only-offboarding", "notice", With(Termination, "notice", s => s with { Letter = "decision" }));
        Refuses("only-offboarding", "notice", With(Termination, "notice", s => s with { Letter = "immediate" }));
        Refuses("only-offboarding", "cure", Plus(Termination, Offboarding.Step("cure") with { After = ["identity"] }));
        Refuses("only-offboarding", "approve", With(Termination, "approve", s => s with { Of = ApprovalSubject.Decision }));
        Refuses("only-customers", "offer", Plus(Offboarding, Termination.Step("offer") with { After = ["talk"] }));
    }

    // -------------------------------------------------------------------------------------------------------------------

    private static void Refuses(string code, string? step, Procedure procedure)
    {
        var problems = ProcedureCheck.Of(procedure);
        problems.ShouldContain(p => p.Code == "procedure." + code && p.Part == step, string.Join("; ", problems.Select(p => $"{p.Part} {p.Code}")));
    }

    private static void Sound(Procedure procedure) => ProcedureCheck.Of(procedure).Select(p => $"{p.Part} {p.Code}").ShouldBeEmpty();

    private static Procedure With(Procedure procedure, string step, Func<ProcedureStep, ProcedureStep> change) =>
        procedure with { Steps = [.. procedure.Steps.Select(s => s.Id == step ? change(s) : s)] };

    /// <summary>Without a step: what waited for it waits for what it waited for.</summary>
    private static Procedure Without(Procedure procedure, string step)
    {
        var gone = procedure.Step(step);
        return procedure with
        {
            Steps = [.. procedure.Steps.Where(s => s != gone).Select(s => s.After.Contains(step) ? s with { After = [.. s.After.Where(a => a != step).Concat(gone.After).Distinct()] } : s)],
        };
    }

    /// <summary>With one more step, for which the end waits unless it comes after it.</summary>
    private static Procedure Plus(Procedure procedure, ProcedureStep step)
    {
        var more = procedure with { Steps = [.. procedure.Steps, step] };
        return step.Kind == StepKind.Close || step.After.Contains("close") ? more : With(more, "close", s => s with { After = [.. s.After, step.Id] });
    }
}
