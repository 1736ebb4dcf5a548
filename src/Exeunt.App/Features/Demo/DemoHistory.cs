using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offers;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using LedgerRow = Exeunt.App.Features.Settlements.Posting;

namespace Exeunt.App.Features.Demo;

/// <summary>
/// What the demo company has behind it: cases of the last 24 months, closed. Each is led through the domain's own commands with moments of
/// the past, settled by the same formulas, approved, paid and reconciled. Papers, archives and erasures were never made for them, and the
/// steps say so ("demo-history"); the audit log has one entry for the whole, since nobody did these things here.
/// </summary>
public static class DemoHistory
{
    public const int Executed = 66;
    public const int Saved = 18;
    public const int Withdrawn = 12;

    /// <summary>Why a step was left out.</summary>
    public const string Reason = "demo-history";

    /// <summary>Days before today by which every case is closed.</summary>
    private const int Quiet = 50;

    /// <summary>Who the demo's people are, by role.</summary>
    public static async Task Load(AppDb db, Settling settling, DueTimes due, IReadOnlyDictionary<Role, IReadOnlyList<Guid>> people, IReadOnlySet<long> spared, Call call, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        var random = new DemoRandom(20241126);
        var candidates = await db.Contracts.Where(c => c.State == ContractState.InForce && c.StartOn < today.AddDays(-150) && !spared.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(ct);
        var ids = candidates.Select(c => c.CustomerId).ToList();
        var customers = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).Select(c => new { c.Id, c.UnitId, c.OwnerId, c.Language }).ToDictionaryAsync(c => c.Id, ct);
        var plans = new List<Plan>();
        while (plans.Count < Executed + Saved + Withdrawn && candidates.Count > 0)
        {
            var contract = candidates[random.Next(candidates.Count)];
            candidates.Remove(contract);
            var customer = customers[contract.CustomerId];
            var outcome = plans.Count < Executed ? CaseOutcome.Executed : plans.Count < Executed + Saved ? CaseOutcome.Saved : CaseOutcome.Withdrawn;
            if (await Planned(contract, outcome, settling, today, random, ct) is { } plan)
                plans.Add(plan with { UnitId = customer.UnitId, Owner = StaffDirectory.IdOf(customer.OwnerId ?? random.Of(people[Role.Agent])), Language = customer.Language });
        }
        var serial = await db.CaseIndex.AsNoTracking().MaxAsync(i => (long?)i.Serial, ct) ?? 0;
        foreach (var plan in plans.OrderBy(p => p.ReceivedAt))
            await Stage(db, plan, ++serial, settling, due, people, random, today, ct);
        db.Audit(call, "demo.history-loaded", "cases", new
        {
            cases = plans.Count, executed = plans.Count(p => p.Outcome == CaseOutcome.Executed), saved = plans.Count(p => p.Outcome == CaseOutcome.Saved),
            withdrawn = plans.Count(p => p.Outcome == CaseOutcome.Withdrawn),
        });
        await db.SaveChangesAsync(ct);
        // Six thousand rows that nobody will change are not watched any longer.
        db.ChangeTracker.Clear();
    }

    private sealed record Plan(Contract Contract, CaseOutcome Outcome, DateTimeOffset ReceivedAt, DateOnly? WishedOn, DateOnly EarliestOn, DateOnly EndsOn)
    {
        public int UnitId { get; init; }
        public string Owner { get; init; } = "";
        public string Language { get; init; } = "en";
    }

    /// <summary>When this contract's case could have been: received in its life, settled and closed before today; null when there is no such time.</summary>
    private static async Task<Plan?> Planned(Contract contract, CaseOutcome outcome, Settling settling, DateOnly today, DemoRandom random, CancellationToken ct)
    {
        var first = Later(contract.StartOn.AddDays(60), today.AddMonths(-24).AddDays(1));
        var last = today.AddDays(-Quiet - 45);
        if (last <= first)
            return null;
        var received = first.AddDays(random.Next(last.DayNumber - first.DayNumber));
        var at = Clocks.StartOf(received, contract.Zone).AddHours(9).AddSeconds(random.Next(8 * 3600));
        var earliest = await settling.EarliestEnd(contract, received, ct);
        DateOnly? wished = random.Chance(30) ? earliest.AddDays(1 + random.Next(40)) : null;
        var ends = wished ?? earliest;
        return ends > today.AddDays(-Quiet) || outcome == CaseOutcome.Executed && !(await settling.Compute(contract, ends, ct)).Succeeded
            ? null
            : new Plan(contract, outcome, at, wished, earliest, ends);
    }

    private static async Task Stage(AppDb db, Plan plan, long serial, Settling settling, DueTimes due, IReadOnlyDictionary<Role, IReadOnlyList<Guid>> people, DemoRandom random, DateOnly today, CancellationToken ct)
    {
        var (contract, at) = (plan.Contract, plan.ReceivedAt);
        var id = Guid.CreateVersion7(at);
        string Of(Role role) => StaffDirectory.IdOf(random.Of(people[role]));
        var (agent, customer, system) = (Of(Role.Agent), Actor.Customer(id).Id, Actor.System.Id);
        var channel = random.Of([Channel.Portal, Channel.Portal, Channel.Portal, Channel.Phone, Channel.Mail, Channel.Visit]);
        // Everything happens at its time, in order, each by whoever does it.
        ExitCase exit = null!;
        void By(string who, TimeSpan later)
        {
            at = who.StartsWith("staff:", StringComparison.Ordinal) ? InOffice(at + later, contract.Zone) : at + later;
            exit.With(new(at, at, who));
        }
        void Must(Refusal? no)
        {
            if (no is not null)
                throw new InvalidOperationException($"The demo's case {exit.Number} was refused: {no.Code}");
        }

        exit = ExitCase.Receive(id, $"T-{at.Year}-{serial:D6}", GeneralProcedures.FirstTermination, channel, plan.Language, plan.WishedOn, Intake.NewSubject(),
            new(at, at, channel == Channel.Portal ? Actor.Anonymous.Id : agent), GeneralProcedures.Find);
        db.CaseIndex.Add(new CaseIndex { CaseId = id, Serial = serial, TokenHash = Secrets.Hash(Secrets.Token()) });
        By(customer, TimeSpan.FromMinutes(3 + random.Next(40)));
        Must(exit.ProveIdentity(contract.CustomerId, contract.Id, plan.UnitId, 1, "code-mail", contract.PolicyNumber, contract.PolicyVersion, contract.Zone, plan.EarliestOn));
        Must(exit.Assign(plan.Owner));
        By(plan.Owner, TimeSpan.FromHours(20 + random.Next(40)));
        var reason = random.Of(ReasonSeeds.Customers);
        Must(exit.RecordTalk(reason.Code, reason.Details.Count > 0 ? random.Of(reason.Details).Code : null, random.Of(["phone", "phone", "visit", "mail"]), 4 + random.Next(40), null));
        if (plan.Outcome == CaseOutcome.Withdrawn)
        {
            By(customer, TimeSpan.FromDays(1 + random.Next(20)));
            Must(exit.Withdraw(Clocks.DateIn(at, contract.Zone)));
        }
        else if (plan.Outcome == CaseOutcome.Saved || random.Chance(50))
            Offer();
        else
        {
            By(plan.Owner, TimeSpan.FromMinutes(10));
            Must(exit.SkipOffer("none-fits"));
        }
        if (plan.Outcome == CaseOutcome.Executed)
            await Execute();
        foreach (var raised in exit.Raised)
            db.CaseEvents.Add(new CaseEventRow
            {
                CaseId = id, Number = raised.Number, At = raised.At, BusinessAt = raised.BusinessAt, By = raised.By,
                Data = System.Text.Json.JsonSerializer.Serialize(raised.What, Json.Plain),
            });
        db.StepTimes.AddRange(exit.Ended.Select(run => StepTime.Of(exit, run, due)));
        exit.MarkStored();
        db.Cases.Add(exit);

        void Offer()
        {
            var accepted = plan.Outcome == CaseOutcome.Saved;
            var (kind, percent, months) = random.Chance(60) ? (OfferKind.Discount, 10 + 5 * random.Next(4), 6) : (OfferKind.Pause, 0, 1 + random.Next(3));
            By(plan.Owner, TimeSpan.FromMinutes(15));
            var entry = OfferSeeds.Entries.Single(e => e.Kind == kind);
            var (chosen, fee) = (new OfferParameters(percent == 0 ? null : percent, months), new Money(contract.MonthlyFee, contract.Currency));
            var numbers = OfferNumbers.Of(OfferInputs.Of(entry, chosen, fee, Money.Zero(contract.Currency), 0, 0));
            var offer = new Offer
            {
                Id = Guid.CreateVersion7(at), CaseId = id, Kind = kind, Percent = percent, Months = months, Cost = numbers.Cost.Minor, Value = numbers.Value.Minor, Inputs = numbers.Inputs.ToJson(),
                Currency = contract.Currency, EntryCode = entry.Code, EntryVersion = entry.Version, Entry = entry.ToJson(), EntryDigest = OfferEntry.DigestOf(entry.ToJson()), WordsEnglish = OfferWords.Fill(entry.Customer.English, chosen),
                WordsChinese = OfferWords.Fill(entry.Customer.Chinese, chosen), MadeBy = plan.Owner, MadeAt = at,
            };
            db.Offers.Add(offer);
            Must(exit.MakeOffer(offer.Id, kind.ToString()));
            By(customer, TimeSpan.FromHours(2 + random.Next(40)));
            (offer.AnsweredAt, offer.AnsweredOn, offer.Accepted) = (at, Clocks.DateIn(at, contract.Zone), accepted);
            Must(exit.AnswerOffer(accepted));
            if (!accepted)
                return;
            var on = Clocks.DateIn(at, contract.Zone);
            db.ContractAmendments.Add(OfferAccepting.AmendmentOf(contract, id, offer, entry, on, at));
            db.WorkOrders.Add(Ordered(new StepTask("FulfilOffer", new("", ""), Role.AccountManager), null, at.AddDays(1), plan.Owner));
            // What was agreed was done the day after, and these contracts are in force to this day.
            if (on.AddDays(Exeunt.App.Features.Offers.Offer.ResultDays) is var looked && looked <= today)
                (offer.Result, offer.ResultOn) = (OfferResult.Confirmed, looked);
        }

        WorkOrder Ordered(StepTask task, string? step, DateTimeOffset doneAt, string by) =>
            new() { Id = Guid.CreateVersion7(at), CaseId = id, Step = step, Task = task.Code, English = task.Name.English, Chinese = task.Name.Chinese, Department = task.Department, DueOn = Clocks.DateIn(at, contract.Zone).AddDays(2), CreatedAt = at, DoneBy = by, DoneAt = doneAt };

        async Task Execute()
        {
            By(system, TimeSpan.FromSeconds(2));
            var statement = (await settling.Compute(contract, plan.EndsOn, ct)).Value;
            var json = statement.ToJson();
            var settlement = new SettlementRow
            {
                Id = Guid.CreateVersion7(at), CaseId = id, Digest = Settling.Digest(id, json), Statement = json, Total = statement.Total.Minor, Currency = statement.Currency, ComputedBy = system, At = at,
            };
            db.Settlements.Add(settlement);
            Must(exit.Settle(settlement.Id, settlement.Digest, settlement.Total, settlement.Currency));
            foreach (var role in new[] { Role.Finance, Role.Legal })
            {
                var approver = Of(role);
                By(approver, TimeSpan.FromHours(2 + random.Next(30)));
                Must(exit.Approve(ApprovalSubject.Settlement, role, approver, settlement.Digest));
                db.FourEyes.Add(new Approvals.FourEyes { CaseId = id, Digest = settlement.Digest, Person = approver, Part = Approvals.FourEyesPart.Approver, At = at });
                db.Approvals.Add(new ApprovalRow { Id = Guid.CreateVersion7(at), CaseId = id, Role = role, Digest = settlement.Digest, By = approver, RequestedBy = system, At = at });
            }
            at = Later(at, Clocks.StartOf(plan.EndsOn.AddDays(1), contract.Zone));
            By(system, TimeSpan.Zero);
            Must(exit.ReachEffectiveDate());
            (contract.State, contract.LastServiceDay) = (ContractState.Ended, plan.EndsOn);
            contract.Version++;
            Must(exit.Skip(StepKind.Archive, Reason));
            var technical = Of(Role.Technical);
            By(technical, TimeSpan.FromHours(10 + random.Next(30)));
            var work = exit.Plan.Steps.First(s => s.Kind == StepKind.WorkOrders);
            foreach (var task in work.Tasks)
            {
                var order = Ordered(task, work.Id, at, technical);
                db.WorkOrders.Add(order);
                Must(exit.ConfirmWork(order.Id, task.Code, work.Id, last: task == work.Tasks[^1]));
            }
            By(system, TimeSpan.FromSeconds(5));
            Must(exit.Skip(StepKind.Notify, Reason));
            Must(exit.Skip(StepKind.Certify, Reason));
            Pay(statement);
            Must(exit.Skip(StepKind.Erase, Reason));
            Survey();
        }

        void Pay(Core.Settlement.Statement statement)
        {
            var entry = Guid.CreateVersion7(at);
            foreach (var (posting, side) in statement.Postings.Select((p, i) => (p, i)))
                db.Postings.Add(new LedgerRow { EntryId = entry, Line = side, CaseId = id, Account = posting.Account, Amount = posting.Minor, Currency = statement.Currency, Cause = "settlement", At = at });
            if (statement.Total.IsZero)
            {
                Must(exit.Skip(StepKind.OrderMoney, "nothing-owed"));
                Must(exit.Skip(StepKind.Reconcile, "nothing-owed"));
                return;
            }
            var refund = statement.Total.Minor < 0;
            var parts = Core.Settlement.ClaimParts.Of(statement.Currency, refund ? [] : statement.Lines.Select(l => (l.Code, l.Amount)));
            var order = new PaymentOrder
            {
                Id = Guid.CreateVersion7(at), CaseId = id, Amount = Math.Abs(statement.Total.Minor), Currency = statement.Currency, Direction = refund ? PaymentDirection.Refund : PaymentDirection.Claim,
                Reference = PaymentOrder.ReferenceOf(db, id, PaymentPurpose.Settlement, "0"), OrderedAt = at, Cost = parts.Cost.Minor, Interest = parts.Interest.Minor,
            };
            db.PaymentOrders.Add(order);
            Must(exit.Finish(StepKind.OrderMoney, order.Reference));
            By(Of(Role.Finance), TimeSpan.FromDays(2 + random.Next(8)));
            (order.State, order.Matched, order.ReconciledAt) = (PaymentState.Reconciled, order.Amount, at);
            // One statement of the bank for the whole history, reconciled and closed.
            var file = db.BankFiles.Local.FirstOrDefault();
            if (file is null)
                db.BankFiles.Add(file = new BankFile
                {
                    Id = Guid.CreateVersion7(at), Sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData("demo-history"u8)), Name = "history.csv", Lines = 0, Known = 0,
                    ReadBy = system, ReadAt = at, State = BankFileState.Closed, ClosedBy = system, ClosedAt = at,
                });
            file.Lines++;
            var line = new BankLine
            {
                FileId = file.Id, Number = file.Lines + 1, State = BankLineState.Matched, Key = System.Security.Cryptography.SHA256.HashData(order.Id.ToByteArray())[..16], BookedOn = Clocks.DateIn(at, contract.Zone), Amount = refund ? -order.Amount : order.Amount,
                Currency = order.Currency, Reference = order.Reference, OrderId = order.Id, ImportedAt = at,
            };
            db.BankLines.Add(line);
            var bank = Guid.CreateVersion7(at);
            db.Allocations.Add(new AllocationRow
            {
                Id = Guid.CreateVersion7(at), LineKey = line.Key, OrderId = order.Id, CaseId = id, BookedOn = line.BookedOn, Currency = order.Currency, Cost = order.Cost, Interest = order.Interest,
                Principal = order.Amount - order.Cost - order.Interest, Unapplied = 0, EntryId = bank, By = system, At = at,
            });
            foreach (var (account, amount, side) in new[] { ("settlement", -statement.Total.Minor, 0), ("bank", statement.Total.Minor, 1) })
                db.Postings.Add(new LedgerRow { EntryId = bank, Line = side, CaseId = id, Account = account, Amount = amount, Currency = order.Currency, Cause = refund ? "refund" : "payment", At = at });
            Must(exit.Finish(StepKind.Reconcile, order.Reference));
        }

        void Survey()
        {
            if (random.Chance(55))
            {
                By(customer, TimeSpan.FromDays(1 + random.Next(12)));
                db.SurveyAnswers.Add(new SurveyAnswer { CaseId = id, Handling = 2 + random.Next(4), Clarity = 2 + random.Next(4), At = at });
                Must(exit.Finish(StepKind.Survey, null));
                return;
            }
            var survey = exit.Find(StepKind.Survey)!;
            By(system, Later(survey.StartedAt!.Value.AddDays(exit.Plan.Step(survey.Id).Days!.Value), at) - at);
            Must(exit.Skip(StepKind.Survey, "not-answered"));
        }
    }

    /// <summary>The same moment, or the next one at which people are at work: Monday to Friday, 9:00 to 18:00.</summary>
    private static DateTimeOffset InOffice(DateTimeOffset at, string zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone));
        if (local.Hour is >= 9 and < 18 && local.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
            return at;
        var day = DateOnly.FromDateTime(local.DateTime).AddDays(local.Hour < 9 ? 0 : 1);
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
            day = day.AddDays(1);
        return Clocks.StartOf(day, zone).AddHours(9).AddSeconds(local.Minute * 60 + local.Second);
    }

    private static T Later<T>(T a, T b) where T : IComparable<T> => a.CompareTo(b) > 0 ? a : b;
}
