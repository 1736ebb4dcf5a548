using Exeunt.App.Data;
using Exeunt.App.Features.Appeals;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>What passes over with a customer; in the order in which it is shown.</summary>
public enum PassingKind
{
    Case,
    Dispute,
    Appeal,
    Objection,

    /// <summary>A message of the customer that nobody has answered.</summary>
    Message,

    /// <summary>An open complaint or suggestion.</summary>
    Feedback,

    // Promises.
    Proposal,
    Offer,
    Improvement,
    Instalment,

    /// <summary>Terms agreed since the contract was signed that hold.</summary>
    Amendment,

    // What is to be done by a day.
    WorkOrder,
    Deadline,
    FollowUp,
    Visit,

    // Money.
    Arrears,

    /// <summary>A claim from a settlement that is not paid.</summary>
    Claim,

    Contract,
}

/// <summary>One thing that passes over.</summary>
/// <param name="Name">A number or a product; no personal data.</param>
/// <param name="Due">The next day that counts: an end, a due date, the last day of a term.</param>
/// <param name="OfOwner">Whether the present owner has it in hand, as far as a person can have it.</param>
public sealed record PassingLine(PassingKind Kind, long CustomerId, string Name, DateOnly? Due, Money? Amount, string Link, bool OfOwner);

/// <summary>How much of a kind passes over, with its sum in each currency.</summary>
public sealed record PassingTotal(PassingKind Kind, int Count, IReadOnlyList<Money> Sums, DateOnly? Earliest);

/// <summary>Reads what passes over with one customer or a whole portfolio: one question for each kind, however many customers.</summary>
public sealed class PassingOver(AppDb db)
{
    /// <summary>The most lines of a kind that are shown.</summary>
    public const int MaxOfKind = 100;

    private sealed class Raw
    {
        public required long CustomerId { get; init; }
        public required string Name { get; init; }
        public DateOnly? Due { get; init; }
        public long Minor { get; init; }
        public string? Currency { get; init; }
        public Guid? CaseId { get; init; }
        public Guid? Other { get; init; }
        public string? Person { get; init; }
    }

    /// <summary>Everything, by kind and due day; at most <see cref="MaxOfKind"/> of each.</summary>
    public async Task<IReadOnlyList<PassingLine>> Lines(IQueryable<Customers.Customer> customers, string language, DateOnly today, CancellationToken ct)
    {
        var owners = await customers.Select(c => new { c.Id, c.OwnerId }).ToDictionaryAsync(c => c.Id, c => c.OwnerId is { } o ? StaffDirectory.IdOf(o) : null, ct);
        var lines = new List<PassingLine>();
        foreach (var question in Queries(customers.Select(c => c.Id), today, language == "zh"))
            lines.AddRange((await (question.HasDue ? question.Query.OrderBy(r => r.Due == null).ThenBy(r => r.Due).ThenBy(r => r.CustomerId) : question.Query.OrderBy(r => r.CustomerId)).Take(MaxOfKind).ToListAsync(ct)).Select(r => new PassingLine(
                question.Kind, r.CustomerId, r.Name, r.Due, r.Currency is null || r.Minor == 0 ? null : new Money(r.Minor, r.Currency), LinkOf(question.Kind, r),
                r.Person is not null && r.Person == owners.GetValueOrDefault(r.CustomerId))));
        // A term's end depends on what was agreed since, and is reckoned with the contract's own terms.
        var ids = customers.Select(c => c.Id);
        foreach (var contract in await db.Contracts.AsNoTracking().Where(c => c.State != ContractState.Ended && ids.Contains(c.CustomerId)).OrderBy(c => c.StartOn).ThenBy(c => c.Id).Take(MaxOfKind).ToListAsync(ct))
            lines.Add(new PassingLine(PassingKind.Contract, contract.CustomerId, language == "zh" ? contract.ProductChinese : contract.ProductEnglish,
                contract.LastServiceDay ?? Settling.TermsOf(contract).TermEnd, Settling.TermsOf(contract).FeeOn(today), $"/customers/{contract.CustomerId}", false));
        return [.. lines.OrderBy(l => l.Kind)];
    }

    /// <summary>How much of each kind there is; kinds of which there is nothing are left out.</summary>
    public async Task<IReadOnlyList<PassingTotal>> Totals(IQueryable<Customers.Customer> customers, DateOnly today, CancellationToken ct)
    {
        var totals = new List<PassingTotal>();
        foreach (var question in Queries(customers.Select(c => c.Id), today, false))
        {
            var count = await question.Query.CountAsync(ct);
            if (count == 0)
                continue;
            var sums = question.HasMoney ? await question.Query.GroupBy(r => r.Currency).Select(g => new { g.Key, Sum = g.Sum(r => r.Minor) }).ToListAsync(ct) : [];
            totals.Add(new PassingTotal(question.Kind, count, [.. sums.Where(s => s.Key is not null && s.Sum != 0).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => new Money(s.Sum, s.Key!))],
                question.HasDue ? await question.Query.MinAsync(r => r.Due, ct) : null));
        }
        var ids = customers.Select(c => c.Id);
        var contracts = await db.Contracts.AsNoTracking().CountAsync(c => c.State != ContractState.Ended && ids.Contains(c.CustomerId), ct);
        if (contracts > 0)
            totals.Add(new PassingTotal(PassingKind.Contract, contracts, [], null));
        return totals;
    }

    /// <summary>How many open things each customer brings: cases, complaints, work orders, deadlines and follow-ups; those without are left out.</summary>
    public async Task<Dictionary<long, int>> OpenOf(IQueryable<Customers.Customer> customers, DateOnly today, CancellationToken ct)
    {
        var open = new Dictionary<long, int>();
        PassingKind[] work = [PassingKind.Case, PassingKind.Feedback, PassingKind.WorkOrder, PassingKind.Deadline, PassingKind.FollowUp];
        foreach (var question in Queries(customers.Select(c => c.Id), today, false).Where(q => work.Contains(q.Kind)))
            foreach (var one in await question.Query.GroupBy(r => r.CustomerId).Select(g => new { g.Key, Count = g.Count() }).ToListAsync(ct))
                open[one.Key] = open.GetValueOrDefault(one.Key) + one.Count;
        return open;
    }

    /// <summary>The spend of each customer in the twelve closed months before today, minor units of the customer's currency; those without any are left out.</summary>
    public async Task<Dictionary<long, long>> SpendOf(IQueryable<Customers.Customer> customers, DateOnly today, CancellationToken ct)
    {
        var ids = customers.Select(c => c.Id);
        var spend = new Dictionary<long, long>();
        await foreach (var row in db.Activity.AsNoTracking().Where(a => ids.Contains(a.CustomerId)).Select(a => new { a.CustomerId, a.Months }).AsAsyncEnumerable().WithCancellation(ct))
            if (Indicators.Of(row.Months, today) is { Spend12m: not 0 } known)
                spend[row.CustomerId] = known.Spend12m;
        return spend;
    }

    /// <param name="HasDue">Whether it has days; one that has none cannot be ordered by them.</param>
    private sealed record Question(PassingKind Kind, bool HasDue, bool HasMoney, IQueryable<Raw> Query);

    private IEnumerable<Question> Queries(IQueryable<long> ids, DateOnly today, bool chinese)
    {
        var all = db.Cases.AsNoTracking().Where(c => c.CustomerId != null && ids.Contains(c.CustomerId.Value));
        var open = all.Where(c => c.State != CaseState.Closed);
        yield return new(PassingKind.Case, true, false, open.Select(c => new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = c.EffectiveOn, CaseId = c.Id, Person = c.AssignedTo }));
        yield return new(PassingKind.Dispute, false, true, from d in db.Set<Dispute>().AsNoTracking()
                                           join c in all on d.CaseId equals c.Id
                                           where d.ClosedAt == null
                                           select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Minor = d.Contested, Currency = d.Currency, CaseId = c.Id, Person = c.AssignedTo });
        yield return new(PassingKind.Appeal, true, false, from a in db.Set<Appeal>().AsNoTracking()
                                          join c in all on a.CaseId equals c.Id
                                          where a.DecidedAt == null
                                          select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = a.AnswerBy, CaseId = c.Id, Person = c.AssignedTo });
        yield return new(PassingKind.Objection, true, false, open.Where(c => c.ObjectionOpen).Select(c => new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = c.ObjectUntil, CaseId = c.Id, Person = c.AssignedTo }));
        yield return new(PassingKind.Message, false, false, open.Where(c => c.UnansweredSince != null).Select(c => new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, CaseId = c.Id, Person = c.AssignedTo }));
        yield return new(PassingKind.Feedback, false, false, db.Feedback.AsNoTracking().Where(f => f.CustomerId != null && ids.Contains(f.CustomerId.Value) && f.State != FeedbackState.Closed && f.State != FeedbackState.Answered)
            .Select(f => new Raw { CustomerId = f.CustomerId!.Value, Name = f.Number, Other = f.Id, Person = f.AssignedTo }));
        yield return new(PassingKind.Proposal, false, false, open.Where(c => c.ProposalId != null && c.AgreementId == null).Select(c => new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, CaseId = c.Id, Person = c.AssignedTo }));
        yield return new(PassingKind.Offer, true, false, from c in open
                                         join o in db.Offers.AsNoTracking() on c.OpenOfferId equals o.Id
                                         select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = o.AnswerBy, CaseId = c.Id, Person = c.AssignedTo });
        yield return new(PassingKind.Improvement, true, false, from a in db.Set<CureAgreement>().AsNoTracking()
                                               join c in open on a.CaseId equals c.Id
                                               where a.Met == null
                                               select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = a.UntilOn, CaseId = c.Id, Person = c.AssignedTo });
        yield return new(PassingKind.Instalment, true, true, from r in db.PlanRows.AsNoTracking()
                                              join p in db.Plans.AsNoTracking() on r.PlanId equals p.Id
                                              join c in all on p.CaseId equals c.Id
                                              where r.Paid < r.Amount && (p.State == PlanState.Running || p.State == PlanState.Accelerated)
                                              select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = r.DueOn, Minor = r.Amount - r.Paid, Currency = p.Currency, CaseId = c.Id, Person = c.AssignedTo });
        yield return new(PassingKind.Amendment, true, false, from a in db.ContractAmendments.AsNoTracking()
                                             join c in db.Contracts.AsNoTracking().IgnoreAutoIncludes() on a.ContractId equals c.Id
                                             where ids.Contains(c.CustomerId) && c.State != ContractState.Ended && (a.Until == null || a.Until > today)
                                             select new Raw { CustomerId = c.CustomerId, Name = chinese ? c.ProductChinese : c.ProductEnglish, Due = a.Until });
        // Those without a case are of the erased, who pass to nobody.
        yield return new(PassingKind.WorkOrder, true, false, from w in db.WorkOrders.AsNoTracking()
                                             join c in all on w.CaseId equals c.Id
                                             where w.DoneAt == null
                                             select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = w.DueOn, CaseId = c.Id });
        yield return new(PassingKind.Deadline, true, false, from d in db.Set<DisputeDeadline>().AsNoTracking()
                                            join c in all on d.CaseId equals c.Id
                                            where d.DoneAt == null
                                            select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = d.DueOn, CaseId = c.Id });
        yield return new(PassingKind.FollowUp, true, false, from f in db.Set<FollowUpTask>().AsNoTracking()
                                            join c in all on f.CaseId equals c.Id
                                            where f.DoneAt == null
                                            select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Due = f.DueOn, CaseId = c.Id, Person = c.AssignedTo });
        yield return new(PassingKind.Visit, true, false, from i in db.PlanItems.AsNoTracking()
                                         join p in db.PortfolioPlans.AsNoTracking() on i.PlanId equals p.Id
                                         where ids.Contains(i.CustomerId) && i.Visit == VisitState.Planned && (p.Stage == PlanStage.Running || p.Stage == PlanStage.Moved)
                                         select new Raw { CustomerId = i.CustomerId, Name = "", Due = i.VisitOn, Other = i.PlanId });
        yield return new(PassingKind.Arrears, true, true, db.Contracts.AsNoTracking().IgnoreAutoIncludes().Where(c => c.Unpaid > 0 && ids.Contains(c.CustomerId))
            .Select(c => new Raw { CustomerId = c.CustomerId, Name = chinese ? c.ProductChinese : c.ProductEnglish, Due = c.UnpaidDueOn, Minor = c.Unpaid, Currency = c.Currency }));
        yield return new(PassingKind.Claim, false, true, from o in db.PaymentOrders.AsNoTracking()
                                         join c in all on o.CaseId equals c.Id
                                         where o.Direction == PaymentDirection.Claim && o.State != PaymentState.Reconciled && o.State != PaymentState.Proposed && o.Matched < o.Amount
                                         select new Raw { CustomerId = c.CustomerId!.Value, Name = c.Number, Minor = o.Amount - o.Matched, Currency = o.Currency, CaseId = c.Id, Person = c.AssignedTo });
    }

    private static string LinkOf(PassingKind kind, Raw row) =>
        kind switch
        {
            PassingKind.Feedback => $"/voice/{row.Other}",
            PassingKind.Visit => $"/hand-overs/plans/{row.Other}",
            _ when row.CaseId is { } id => $"/cases/{id}",
            _ => $"/customers/{row.CustomerId}",
        };
}
