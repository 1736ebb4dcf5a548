using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Cases;

/// <summary>An offboarding that moves to another version of its procedure, and one that nobody can turn back any more.</summary>
public sealed class OffboardingLifeTests
{
    private const string Digest = "0123456789abcdef";
    private static readonly DateOnly Today = new(2026, 3, 2);

    // ---- moving -------------------------------------------------------------------------------------------------------

    [Fact]
    public void A_check_list_whose_last_open_item_is_taken_out_by_a_move_is_over()
    {
        var life = new Life(GeneralProcedures.Offboarding, Next(s => s.Id == "check" ? s with { Items = [.. s.Items.Take(3)] } : s));
        life.Talk();
        foreach (var item in life.Case.Plan.Step("check").Items.Take(3))
            life.Does(c => c.FinishItem("check", item.Code, "done", last: false));
        life.StateOf("check").ShouldBe(StepState.Active);

        life.Does(c => c.MoveTo(life.Later!, "shorter"));

        life.StateOf("check").ShouldBe(StepState.Done);
        life.StateOf("decide").ShouldBe(StepState.Active);
    }

    [Fact]
    public void A_check_list_with_an_open_item_stays_open_after_a_move()
    {
        var life = new Life(GeneralProcedures.Offboarding, Next(s => s.Id == "check" ? s with { Items = [.. s.Items.Take(3)] } : s));
        life.Talk();
        life.Does(c => c.FinishItem("check", "evidence", "done", last: false));
        life.Does(c => c.MoveTo(life.Later!, "shorter"));
        life.StateOf("check").ShouldBe(StepState.Active);
    }

    [Fact]
    public void A_case_does_not_move_away_from_the_approval_of_what_was_put_up_for_one()
    {
        var life = new Life(GeneralProcedures.Offboarding, Next(s =>
            s.Id == "decide" ? s with { Id = "resolve" } : s with { After = [.. s.After.Select(a => a == "decide" ? "resolve" : a)] }));
        life.Talk();
        life.Does(c => c.DraftDecision(Guid.NewGuid(), Digest, "OFFBOARD_BREACH"));
        life.StateOf("decide").ShouldBe(StepState.Waiting, "it waits for the check-list, with something to approve already");

        life.Refuses("case.cannot-move", c => c.MoveTo(life.Later!, "another name"));
        life.Case.ProcedureVersion.ShouldBe(1);
    }

    // ---- turning back -------------------------------------------------------------------------------------------------

    [Theory]
    [InlineData("ordered")]
    [InlineData("done")]
    [InlineData("nothing-owed")]
    public void Nothing_turns_back_once_the_money_was_ordered(string money)
    {
        var life = new Life(MoneyFirst(GeneralProcedures.Offboarding));
        life.Talk();
        foreach (var item in life.Case.Plan.Step("check").Items)
            life.Does(c => c.FinishItem("check", item.Code, "done", last: item.Code == "milder"));
        life.Does(c => c.DraftDecision(Guid.NewGuid(), Digest, "OFFBOARD_BREACH"));
        life.Approve(ApprovalSubject.Decision, Role.BranchHead, Role.Legal);
        life.Does(c => c.ServeNotice("notice", Guid.NewGuid(), Today.AddDays(10), Today.AddDays(10)));
        life.Does(c => c.ReachEffectiveDate());
        life.Does(c => c.ConfirmWork(Guid.NewGuid(), "stop-new-orders", "restrict", last: true));
        life.ToTheMoney();
        life.Case.WhyNot(c => c.CannotCure()).ShouldBeNull("nothing is ordered yet");
        life.Approve(ApprovalSubject.Settlement, Role.Finance, Role.Legal);
        life.StateOf("money").ShouldBe(StepState.Active);
        if (money == "done")
            life.Does(c => c.Finish("money", "X"));
        else if (money == "nothing-owed")
            life.Does(c => c.Skip("money", "nothing-owed"));

        life.Refuses("case.irreversible", c => c.Cure(null));
        life.Refuses("case.irreversible", c => c.Withdraw(Today.AddDays(20)));
    }

    [Fact]
    public void Money_waits_for_an_objection_that_could_turn_the_ending_back()
    {
        var life = new Life(MoneyFirst(GeneralProcedures.Immediate));
        life.Does(c => c.ServeNotice("notice", Guid.NewGuid(), Today, Today.AddDays(10)));
        life.Does(c => c.DraftDecision(Guid.NewGuid(), Digest, "DANGER"));
        life.Approve(ApprovalSubject.Decision, Role.BranchHead, Role.Legal);
        life.Does(c => c.ReachEffectiveDate());
        life.Does(c => c.ConfirmWork(Guid.NewGuid(), "suspend-service", "restrict", last: true));
        life.Does(c => c.Object(Guid.NewGuid(), Today.AddDays(2)), "customer");
        life.ToTheMoney();
        life.Approve(ApprovalSubject.Settlement, Role.Finance, Role.Legal);
        life.StateOf("money").ShouldBe(StepState.Waiting);

        life.Does(c => c.DecideObjection(false, "staff:90", Guid.NewGuid()), "staff:90");
        life.StateOf("money").ShouldBe(StepState.Active);
    }

    // -------------------------------------------------------------------------------------------------------------------

    private static Procedure Next(Func<ProcedureStep, ProcedureStep> change) =>
        GeneralProcedures.Offboarding with { Version = 2, Steps = [.. GeneralProcedures.Offboarding.Steps.Select(change)] };

    /// <summary>A sound variant in which money is the first thing that cannot be undone.</summary>
    private static Procedure MoneyFirst(Procedure procedure)
    {
        var variant = procedure with
        {
            Steps = [.. procedure.Steps.Select(s => s.Id switch
            {
                "accounts" => s with { Tasks = [.. s.Tasks.Select(t => t with { Irreversible = false })] },
                "certificate" => s with { After = [.. s.After, "reconcile"] },
                _ => s,
            })],
        };
        ProcedureCheck.Of(variant).ShouldBeEmpty();
        return variant;
    }

    private sealed class Life
    {
        private static readonly DateTimeOffset At = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

        public Life(Procedure procedure, Procedure? later = null)
        {
            Later = later;
            Case = ExitCase.Open(Guid.NewGuid(), "O-1", procedure, Channel.Visit, "en",
                new OffboardingOpened(1, 1, 1, "P", 1, "Asia/Shanghai", "CN 1", "Normal", "Business", "OFFBOARD_BREACH", "e", null),
                new ExitCase.Moment(At, At, "staff:1"), (_, version) => version == procedure.Version ? procedure : later!);
        }

        public ExitCase Case { get; }
        public Procedure? Later { get; }

        public StepState StateOf(string step) => Case.Step(step).State;

        public void Does(Func<ExitCase, Refusal?> command, string by = "staff:1") =>
            command(Case.With(new ExitCase.Moment(At, At, by))).ShouldBeNull();

        public void Refuses(string code, Func<ExitCase, Refusal?> command) =>
            command(Case.With(new ExitCase.Moment(At, At, "staff:1")))!.Code.ShouldBe(code);

        public void Talk()
        {
            Does(c => c.RecordTalk("PRICE", null, "phone", 3, null));
            Does(c => c.ConcludeTalk(TalkResult.GoesOn, null));
        }

        public void Approve(ApprovalSubject of, params Role[] roles)
        {
            foreach (var role in roles)
                Does(c => c.Approve(of, role, $"staff:{role}{of}", c.Round(of)!.Digest, null, Guid.NewGuid()), $"staff:{role}{of}");
        }

        /// <summary>From the wind-down to the letter, with a settlement that nobody has approved yet.</summary>
        public void ToTheMoney()
        {
            Does(c => c.Finish("wind-down", "orders:0"));
            Does(c => c.Settle(Guid.NewGuid(), Digest, -500, "CNY"), "system");
            Does(c => c.Finish("archive", "A"), "system");
            Does(c => c.ConfirmWork(Guid.NewGuid(), "stop-billing", "accounts", last: true));
            Does(c => c.Finish("ended", "L"), "system");
        }
    }
}
