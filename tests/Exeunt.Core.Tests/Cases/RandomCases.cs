using System.Text.Json;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Cases;

/// <summary>
/// Whatever people, customers and clocks do to a case, in whatever order: it stays within the table of states, always waits for
/// something named or has ended with one outcome, is what its events say, and lets nobody be two of requester, approver and executor.
/// </summary>
public sealed class RandomCases
{
    private const int Sequences = 10_000;

    /// <summary>For each procedure of a trade's pack, which is made of the same steps.</summary>
    private const int PackSequences = 2_000;
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 1, 0, 0, TimeSpan.Zero);

    /// <summary>General termination whose payment a person releases, and with conditions: more ways than the general ones have.</summary>
    private static readonly Procedure Released = GeneralProcedures.Termination with
    {
        Id = "released-termination",
        Version = 1,
        Steps = [.. GeneralProcedures.Termination.Steps.Select(s => s.Kind switch
        {
            StepKind.OrderMoney => s with { Manual = true },
            StepKind.Offer => s with { When = [new(CaseFact.Tier, Comparison.IsNot, ["HighRisk"])] },
            _ => s,
        })],
    };

    private static Procedure Find(string id, int version) => id == Released.Id ? Released : Core.Packs.Packs.All.SelectMany(p => p.Procedures).FirstOrDefault(p => p.Id == id) ?? GeneralProcedures.Find(id, version);

    public static TheoryData<string> Procedures => ["general-termination/1", "general-termination/2", "released-termination/1", "general-offboarding/1", "immediate-offboarding/1",
        .. Core.Packs.Packs.All.SelectMany(p => p.Procedures).Select(p => $"{p.Id}/{p.Version}")];

    [Theory]
    [MemberData(nameof(Procedures))]
    public void Thousands_of_random_sequences_stay_within_the_states_and_always_wait_for_something_named(string which)
    {
        var procedure = Find(which.Split('/')[0], int.Parse(which.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture));
        var sequences = Core.Packs.Packs.All.Any(p => p.Procedures.Contains(procedure)) ? PackSequences : Sequences;
        var (closed, states, outcomes) = (0, new HashSet<CaseState>(), new HashSet<CaseOutcome>());
        for (var seed = 0; seed < sequences; seed++)
        {
            var life = new Life(procedure, seed);
            life.Play(80);
            states.UnionWith(life.Seen);
            if (life.Case.IsClosed)
            {
                closed++;
                outcomes.Add(life.Case.Outcome!.Value);
            }
        }
        // The test sees what it is about: most ways end, by all outcomes that the kind has, through every state.
        closed.ShouldBeGreaterThan(sequences / 10);
        states.ShouldBe(Enum.GetValues<CaseState>().Except(procedure.Kind == CaseKind.Offboarding ? [CaseState.Received, CaseState.IdentityPending] : [CaseState.Received]), ignoreOrder: true);
        outcomes.ShouldBe(procedure.Kind == CaseKind.Offboarding
            ? [CaseOutcome.Executed, CaseOutcome.Saved, CaseOutcome.Withdrawn, CaseOutcome.Refused, CaseOutcome.Joined]
            // Only an accepted offer saves a customer who wanted to leave.
            : [CaseOutcome.Executed, .. procedure.Steps.Any(s => s.Kind == StepKind.Offer) ? new[] { CaseOutcome.Saved } : [], CaseOutcome.Withdrawn, CaseOutcome.Refused, CaseOutcome.Lapsed, CaseOutcome.Joined], ignoreOrder: true);
    }

    /// <summary>Left to the clock and the system alone, with nobody lifting a hand but for what is named, every ending comes to its end.</summary>
    [Theory]
    [MemberData(nameof(Procedures))]
    public void After_any_beginning_a_case_ends_when_everybody_named_does_their_part(string which)
    {
        var procedure = Find(which.Split('/')[0], int.Parse(which.Split('/')[1], System.Globalization.CultureInfo.InvariantCulture));
        for (var seed = 0; seed < 1_000; seed++)
        {
            var life = new Life(procedure, seed);
            life.Play(seed % 40);
            life.Finish();
            life.Case.IsClosed.ShouldBeTrue($"seed {seed}: {string.Join(", ", life.Case.Waits.Select(w => w.What))}");
        }
    }

    /// <summary>One case and the people around it.</summary>
    private sealed class Life
    {
        private static readonly Role[] Everyone = Enum.GetValues<Role>();
        private readonly Random _random;
        private readonly List<RecordedEvent> _events = [];
        private DateTimeOffset _at = Start;
        private int _ids;

        public ExitCase Case { get; }
        public HashSet<CaseState> Seen { get; } = [];

        public Life(Procedure procedure, int seed)
        {
            _random = new Random(seed);
            var moment = new ExitCase.Moment(_at, _at, Chance(50) ? "staff:1" : "anonymous");
            Case = procedure.Kind == CaseKind.Offboarding
                ? ExitCase.Open(Guid.NewGuid(), "O-1", procedure, Channel.Visit, "zh",
                    new OffboardingOpened(1, 1, 1, "P", 1, "Asia/Shanghai", "CN 1", Tier(), "Business", "OFFBOARD_RISK", "e", GeneralProcedures.IsImmediate(procedure.Id) ? Today : null), moment, RandomCases.Find)
                : ExitCase.Receive(Guid.NewGuid(), "T-1", procedure, Channel.Portal, "zh", Chance(50) ? Today.AddDays(_random.Next(90)) : null, -5, moment, RandomCases.Find);
            Take(CaseState.Received, 0);
        }

        private DateOnly Today => DateOnly.FromDateTime(_at.UtcDateTime);

        private string Tier() => Chance(20) ? "HighRisk" : "Normal";

        private bool Chance(int percent) => _random.Next(100) < percent;

        private Guid NewId() => new(++_ids, 0, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

        public void Play(int commands)
        {
            for (var i = 0; i < commands && !Case.IsClosed; i++)
                // Often the one thing that is waited for, so that cases get far; else anything.
                Do(Chance(35) ? Part(Case.Waits[_random.Next(Case.Waits.Count)]) : Command());
        }

        /// <summary>Runs one command and checks what must hold after every one, refused or not.</summary>
        private void Do((string By, Func<ExitCase, Refusal?> Run) command)
        {
            _at += TimeSpan.FromHours(_random.Next(60));
            var (before, count) = (Case.State, Case.Version);
            Case.With(new ExitCase.Moment(_at, _at, command.By));
            var refusal = command.Run(Case);
            if (refusal is not null)
            {
                refusal.Code.ShouldStartWith("case.");
                Case.Raised.ShouldBeEmpty("a refused command changes nothing");
            }
            Take(before, count);
        }

        private void Take(CaseState before, int count)
        {
            var raised = Case.Raised.ToList();
            // Whoever was waited for: together they are the time the step was open, of runs that ended and of those that go on.
            foreach (var run in Case.Ended.Where(r => r.Step.Length > 0))
                run.Waited.Total.ShouldBe((long)(run.EndedAt - run.StartedAt).TotalMilliseconds, run.Step);
            foreach (var open in Case.Steps.Where(s => s.State == StepState.Active && !Case.IsClosed))
                (open.Waited?.Total ?? 0).ShouldBe((long)(Case.CountedUntil - open.StartedAt!.Value).TotalMilliseconds, open.Id);
            Case.Ended.Count(r => r.Step.Length == 0).ShouldBe(Case.IsClosed && !_closed ? 1 : 0);
            Case.MarkStored();
            _events.AddRange(raised);
            LegalTransitions.Allows(before, Case.State).ShouldBeTrue($"{before} → {Case.State} by {string.Join(", ", raised.Select(r => r.What.GetType().Name))}");
            // Folding costs more than the rest; every tenth command and every end is enough to catch a difference.
            if (++_turns % 10 == 0 || Case.IsClosed)
                JsonSerializer.Serialize(ExitCase.Fold(Case.Id, _events, RandomCases.Find)).ShouldBe(JsonSerializer.Serialize(Case));
            if (Case.IsClosed && !_closed)
            {
                _closed = true;
                LegalTransitions.Allows(Case.Kind, before, Case.Outcome!.Value).ShouldBeTrue($"{before} → {Case.Outcome}");
            }
            raised.Count(r => r.What is CaseClosed).ShouldBeLessThanOrEqualTo(1);
            _events.Count(r => r.What is CaseClosed).ShouldBe(Case.IsClosed ? 1 : 0);
            Case.Version.ShouldBe(count + raised.Count);
            Seen.Add(Case.State);
            if (Case.IsClosed)
                Case.Waits.ShouldBeEmpty();
            else
                Case.Waits.ShouldNotBeEmpty();
            foreach (var round in Case.Rounds)
            {
                round.People.Distinct().Count().ShouldBe(round.People.Count(), "one person, one approval");
                // Once the approval is over, whoever asks for something else asks for another digest, which is another round.
                if (!Case.Step(round.Step).HasEnded)
                    round.Given.Where(g => _asked.Contains(g.By)).ShouldBeEmpty("requester is not approver");
            }
            foreach (var released in raised.Select(e => e.What).OfType<MoneyReleased>())
            {
                _asked.ShouldNotContain(released.By);
                Case.Round(ApprovalSubject.Settlement)!.People.ShouldNotContain(released.By);
            }
        }

        private bool _closed;
        private int _turns;

        /// <summary>People who wrote something that an approval binds, kept apart from the engine's own list.</summary>
        private HashSet<string> _asked => [.. _events.Where(e => e.What is CaseReceived or SettlementComputed or DecisionDrafted or OfferMade or DetailsChanged or LineAdded or FactsChanged
            or ProposalMade { ByCustomer: false } or ProposalConfirmed { ByCustomer: false }).Select(e => e.By).Where(b => b.StartsWith("staff:", StringComparison.Ordinal))];

        private (string, Func<ExitCase, Refusal?>) Command()
        {
            var staff = $"staff:{_random.Next(1, 7)}";
            var role = Everyone[_random.Next(Everyone.Length)];
            if (Chance(50))
                role = Chance(50) ? Role.Finance : Role.Legal;
            var step = Case.Steps[_random.Next(Case.Steps.Count)];
            var active = Case.Steps.Where(s => s.State == StepState.Active).ToList() is { Count: > 0 } open ? open[_random.Next(open.Count)] : step;
            var of = Chance(50) ? ApprovalSubject.Settlement : ApprovalSubject.Decision;
            var digest = $"{_random.Next(3):D64}";
            var text = NewId();
            return _random.Next(46) switch
            {
                0 or 1 or 2 => ("customer", c => c.ProveIdentity(1, 1, 1, 1, "code", "P", 1, "Asia/Shanghai", Today.AddDays(10), "CN 1", Chance(20) ? "DE-312k" : null, Tier(), "Consumer", Chance(20) ? Core.Packs.Saas.Termination : Chance(10) ? Core.Packs.Telecom.Arrears : null)),
                3 => ("system", c => c.Lapse("late")),
                4 => ("system", c => Chance(15) ? c.Join(text) : null),
                5 or 6 => (staff, c => c.RecordTalk("PRICE", Chance(50) ? "TOO_HIGH" : null, "phone", 3, null)),
                7 => (staff, c => c.MakeOffer(text, "Discount")),
                8 => (staff, c => c.SkipOffer("none-fits")),
                9 => Chance(30) ? ("system", c => c.ExpireOffer()) : ("customer", c => c.AnswerOffer(Chance(30))),
                10 or 11 => (Chance(50) ? "system" : staff, c => c.Settle(text, digest, _random.Next(-5000, 5000), "CNY", Chance(30) ? [[Approver.Of(Role.Finance)], [Approver.Of(Role.Legal)]] : Chance(10) ? [] : null)),
                12 or 13 or 14 or 15 => (staff, c => c.Approve(of, role, staff, c.Round(of)?.Digest ?? "", Chance(20) ? $"staff:{_random.Next(1, 7)}" : null, text)),
                16 => (staff, c => c.ReturnForRework(of, role, staff, null)),
                17 => (staff, c => c.RecallApproval(of, staff)),
                18 => (staff, c => c.Hold("legal")),
                19 or 20 => (staff, c => c.Resume()),
                21 => ("customer", c => c.ChangeDetails(Chance(50) ? "payout" : "contact", _at.AddHours(72))),
                22 => ("system", c => c.Resume((Chance(50) ? "payout" : "contact") + "-changed")),
                23 => ("customer", c => Chance(30) ? c.Withdraw(Today) : null),
                24 or 25 or 26 => Reach(),
                27 or 28 or 29 or 30 => Automatic(active),
                31 => (staff, c => c.ConfirmWork(text, "stop-service", active.Id, last: active.Kind is StepKind.WorkOrders or StepKind.WindDown or StepKind.HandOver && Chance(60))),
                32 => (staff, c => c.Propose(text, byCustomer: Chance(50), digest)),
                33 => (Chance(50) ? "customer" : staff, c => c.ConfirmProposal(byCustomer: Chance(50), c.ProposalDigest ?? "")),
                34 => ("system", c => c.SignAgreement(null, Today.AddDays(3 + _random.Next(20)))),
                35 => ("system", c => c.EndNegotiation("no-agreement")),
                36 => (staff, c => c.ConcludeTalk((TalkResult)_random.Next(4), null)),
                37 => (staff, c => c.AgreeCure(text, Today.AddDays(_random.Next(1, 200)), Today)),
                38 => (staff, c => c.JudgeCure(Chance(30), null)),
                39 => (staff, c => c.DraftDecision(text, digest, "OFFBOARD_RISK")),
                40 when active.Kind == StepKind.AutoCheck => (staff, c => active.Failed is null ? null : c.FinishItem(active.Id, active.Failed[_random.Next(active.Failed.Count)], "done", last: Chance(50))),
                40 => (staff, c => active.Kind == StepKind.CheckList ? c.FinishItem(active.Id, $"i{_random.Next(5)}", "done", last: Chance(50)) : null),
                41 => ("customer", c => c.Object(text, Today)),
                42 => (staff, c => c.DecideObjection(Chance(30), staff, text)),
                43 => (staff, c => Chance(40) ? c.Cure(null) : Chance(20) ? c.Refuse("not-authorised", null) : c.ReleaseMoney(staff)),
                44 => (staff, c => Chance(50) ? c.OpenDispute(text, "court", 100) : c.CloseDispute(text, "ruled")),
                _ => Chance(40) ? ("customer", c => c.Appeal(text, text, c.EffectiveOn ?? new DateOnly(2026, 4, 1))) : Chance(50) ? (staff, c => c.DecideAppeal(Chance(30), staff, text)) : ("customer", c => c.EndAftercare()),
            };
        }

        /// <summary>What the system does when a step of its own is open.</summary>
        private (string, Func<ExitCase, Refusal?>) Automatic(StepProgress active) => active.Kind switch
        {
            StepKind.AutoCheck => ("system", c => active.Failed is not null ? null : c.RunCheck(active.Id, [.. c.Plan.Step(active.Id).Items.Select(i => i.Code).Where(_ => Chance(20))])),
            StepKind.Settle => ("system", c => c.Settle(NewId(), $"{_random.Next(3):D64}", _random.Next(-5000, 5000), "CNY")),
            StepKind.Notify when Case.Plan.Step(active.Id).Letter is "decision" or "immediate" =>
                ("system", c => c.ServeNotice(active.Id, NewId(), c.EffectiveOn ?? Today.AddDays(30), Today.AddDays(14))),
            StepKind.OrderMoney when Case.Plan.Step(active.Id).Manual && !_events.Any(e => e.What is MoneyReleased) => ("system", _ => null),
            StepKind.Archive or StepKind.Notify or StepKind.OrderMoney or StepKind.Certify or StepKind.Survey or StepKind.FollowUp or StepKind.Reconcile or StepKind.Erase or StepKind.Period
                or StepKind.Formalities or StepKind.WindDown or StepKind.HandOver or StepKind.WorkOrders => ("system", c => Chance(50) ? c.Finish(active.Id, "made") : c.Skip(active.Id, "nothing-to-do")),
            _ => ("system", _ => null),
        };

        /// <summary>The clock goes to the end of the last service day.</summary>
        private (string, Func<ExitCase, Refusal?>) Reach()
        {
            if (Case.EffectiveOn is { } on && Case.IsActive(StepKind.WaitUntilDate) && Today <= on)
                _at = new DateTimeOffset(on.AddDays(1).ToDateTime(new TimeOnly(1, 0)), TimeSpan.Zero);
            return ("system", c => c.ReachEffectiveDate());
        }

        /// <summary>Everybody who is waited for does their part, by the names the case gives and by nothing else.</summary>
        public void Finish()
        {
            for (var turn = 0; turn < 200 && !Case.IsClosed; turn++)
                foreach (var wait in Case.Waits)
                {
                    Do(Part(wait));
                    if (Case.IsClosed)
                        return;
                }
        }

        private (string, Func<ExitCase, Refusal?>) Part(Waiting wait)
        {
            // Somebody who has taken no part yet.
            var staff = $"staff:{100 + ++_ids}";
            var step = wait.Step is null ? null : Case.Step(wait.Step);
            return wait.What switch
            {
                "verify-identity" => ("customer", c => c.ProveIdentity(1, 1, 1, 1, "code", "P", 1, "Asia/Shanghai", Today.AddDays(10))),
                "talk" => (staff, c => c.RecordTalk("PRICE", null, "phone", 3, null) ?? (c.Kind == CaseKind.Offboarding ? c.ConcludeTalk(TalkResult.GoesOn, null) : null)),
                "offer" => (staff, c => c.SkipOffer("none-fits")),
                "offer-answer" => ("customer", c => c.AnswerOffer(false)),
                "proposal" or "negotiate" => ("system", c => c.EndNegotiation("no-agreement")),
                "check-list" => (staff, c => c.FinishItem(wait.Step!, "all", "done", last: true)),
                "auto-check" when wait.For == WaitsFor.Staff => (staff, c => c.FinishItem(wait.Step!, step!.Failed!.First(f => step.Items?.Contains(f) != true), "done", last: step.Failed!.Count(f => step.Items?.Contains(f) != true) == 1)),
                "cure-period" => (staff, c => c.JudgeCure(false, null)),
                "draft-decision" => (staff, c => c.DraftDecision(NewId(), $"{9:D64}", "OFFBOARD_RISK")),
                "approve" when wait.For == WaitsFor.Staff => (staff, c => c.Approve(c.Rounds.First(r => r.Step == wait.Step).Of, wait.Roles[0], staff, c.Rounds.First(r => r.Step == wait.Step).Digest, null, NewId())),
                "approve" => ("system", c => c.Settle(NewId(), $"{8:D64}", 5, "CNY")),
                "wait-until-date" => Reach(),
                "objection" => (staff, c => c.DecideObjection(false, staff, NewId())),
                "appeal" => (staff, c => c.DecideAppeal(false, staff, NewId())),
                "dispute" => (staff, c => c.CloseDispute(NewId(), "ruled")),
                "order-money" when Case.Plan.Step(wait.Step!).Manual && !_events.Any(e => e.What is MoneyReleased) => (staff, c => c.ReleaseMoney(staff)),
                ['h', 'o', 'l', 'd', ':', .. var hold] => ("system", c => c.Resume(hold)),
                _ => Automatic(step!),
            };
        }
    }
}
