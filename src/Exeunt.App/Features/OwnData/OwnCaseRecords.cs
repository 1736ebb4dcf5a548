using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Appeals;
using Exeunt.App.Features.Claims;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Platform;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>
/// What is kept beside the cases of a customer, and beside who looks after them: appeals, disputes, agreements, work, formalities, money, certificates, changes of
/// details; owners and visits. One question for each table, however many cases there are.
/// </summary>
public sealed class OwnCaseRecords(AppDb db, Vault vault)
{
    /// <summary>Of each table; far more than a customer's cases have.</summary>
    private const int MaxRows = 10_000;

    /// <param name="contracts">Numbers of their contracts, by id.</param>
    internal async Task<OwnDataFile> Add(OwnDataFile file, OwnScope scope, IReadOnlyDictionary<long, string?> contracts, CancellationToken ct)
    {
        file = await AddRights(file, scope, ct);
        file = await AddWork(file, scope, ct);
        file = await AddMoney(file, scope, contracts, ct);
        file = await AddIdentity(file, scope, ct);
        return await AddCare(file, scope, ct);
    }

    /// <summary>What they said against something, and what came of it.</summary>
    private async Task<OwnDataFile> AddRights(OwnDataFile file, OwnScope scope, CancellationToken ct)
    {
        var (id, ids, t) = (scope.Customer.Id, scope.Ids, scope.T);
        var appeals = await scope.Read(db.Set<Appeal>().AsNoTracking().Where(a => ids.Contains(a.CaseId)).OrderBy(a => a.MadeAt).ThenBy(a => a.Id), MaxRows, ct);
        var disputes = await scope.Read(db.Set<Dispute>().AsNoTracking().Where(d => ids.Contains(d.CaseId)).OrderBy(d => d.OpenedAt).ThenBy(d => d.Id), MaxRows, ct);
        var dates = await scope.Read(db.Set<DisputeDeadline>().AsNoTracking().Where(d => ids.Contains(d.CaseId)).OrderBy(d => d.DueOn).ThenBy(d => d.Id), MaxRows, ct);
        var cures = await scope.Read(db.Set<CureAgreement>().AsNoTracking().Where(a => ids.Contains(a.CaseId)).OrderBy(a => a.At).ThenBy(a => a.Id), MaxRows, ct);
        var spots = new List<OwnSpotDecision>();
        foreach (var s in await scope.Read(db.Set<SpotDecision>().AsNoTracking().Where(s => s.Subject == id).OrderBy(s => s.ToldAt).ThenBy(s => s.Id), 500, ct))
        {
            var told = await vault.Open<SpotWords>(s.Subject, DataClass.Case, SpotDecision.Place, s.Row, s.Data, ct);
            spots.Add(new OwnSpotDecision(
                scope.Number(s.CaseId), OffboardingGround.Find(s.Ground)?.Name.In(t.Language) ?? s.Ground, s.ToldAt, told?.ToldTo, told?.Words, s.ReviewDueAt, s.ReviewedAt, s.Stands));
        }
        return file with
        {
            Appeals = [.. appeals.Select(a => new OwnAppeal(scope.Number(a.CaseId), a.MadeAt, a.AnswerBy, scope.Said(a.TextId), a.Upheld, scope.Said(a.AnswerId), a.DecidedAt))],
            Disputes =
            [
                .. disputes.Select(d => new OwnDispute(
                    scope.Number(d.CaseId), $"{d.Forum}", t[$"dispute.forum.{d.Forum}"], d.OpenedAt, d.Lines, d.Currency is { } currency ? OwnAmount.Of(d.Contested, currency) : null, scope.Known("dispute.result", d.Result?.ToString()),
                    d is { Currency: { } left, Upheld: { } upheld } ? OwnAmount.Of(upheld, left) : null, scope.Said(d.RulingId), d.ClosedAt)),
            ],
            DisputeDates = [.. dates.Select(d => new OwnDisputeDate(scope.Number(d.CaseId), $"{d.Kind}", t[$"dispute.deadline.{d.Kind}"], d.DueOn, d.DoneAt))],
            Improvements = [.. cures.Select(a => Of(a, scope))],
            SpotDecisions = spots,
        };
    }

    private static OwnCure Of(CureAgreement a, OwnScope scope)
    {
        var targets = JsonSerializer.Deserialize<List<CureTarget>>(a.Targets, Json.Plain)!;
        var actual = new List<string>();
        if (a.Figures is { } judged && JsonSerializer.Deserialize<CureFigures>(judged, Json.Plain) is { } figures)
            actual.AddRange(targets.Select(target => CureWords.Value(target.Measure, target.Actual(figures), a.Currency)));
        return new OwnCure(
            scope.Number(a.CaseId), a.At, a.FromOn, a.UntilOn, scope.Said(a.TextId), scope.Said(a.ConsequenceId), [.. targets.Select(target => CureWords.Of(target, a.Currency, scope.T))], actual, a.Met, a.JudgedAt);
    }

    private async Task<OwnDataFile> AddWork(OwnDataFile file, OwnScope scope, CancellationToken ct)
    {
        var (id, ids, t) = (scope.Customer.Id, scope.Ids, scope.T);
        var work = await scope.Read(db.WorkOrders.AsNoTracking().Where(w => (w.CaseId != null && ids.Contains(w.CaseId.Value)) || w.CustomerId == id).OrderBy(w => w.CreatedAt).ThenBy(w => w.Id), MaxRows, ct);
        var formalities = await scope.Read(db.Set<Formality>().AsNoTracking().Where(f => ids.Contains(f.CaseId)).OrderBy(f => f.DueOn).ThenBy(f => f.Id), MaxRows, ct);
        var orders = await scope.Read(db.Set<OpenOrder>().AsNoTracking().Where(o => ids.Contains(o.CaseId)).OrderBy(o => o.AddedAt).ThenBy(o => o.Id), MaxRows, ct);
        var followUps = await scope.Read(db.Set<FollowUpTask>().AsNoTracking().Where(f => ids.Contains(f.CaseId)).OrderBy(f => f.AddedAt).ThenBy(f => f.Id), MaxRows, ct);
        return file with
        {
            WorkOrders =
            [
                .. work.Select(w => new OwnWork(
                    scope.Number(w.CaseId), w.Task, w.Words(t), t[$"desk.role.{w.Department}"], w.System, w.CreatedAt, w.DueOn, w.SentAt, w.Failure, w.IsWaived, w.DoneAt)),
            ],
            Formalities =
            [
                .. formalities.Select(f => new OwnFormality(
                    scope.Number(f.CaseId), f.Code, t.Pick(f.English, f.Chinese), $"{f.Side}", f.DueOn, f is { Price: { } price, Currency: { } currency } ? OwnAmount.Of(price, currency) : null, $"{f.State}", scope.Said(f.TextId), f.Receipt,
                    f.DoneAt)),
            ],
            OpenOrders = [.. orders.Select(o => new OwnOpenOrder(scope.Number(o.CaseId), scope.Said(o.TextId), OwnAmount.Of(o.Amount, o.Currency), $"{o.State}", o.AddedAt, o.DoneAt))],
            FollowUps = [.. followUps.Select(f => new OwnFollowUp(scope.Number(f.CaseId), f.AddedAt, f.DueOn, f.DoneAt))],
        };
    }

    private async Task<OwnDataFile> AddMoney(OwnDataFile file, OwnScope scope, IReadOnlyDictionary<long, string?> contracts, CancellationToken ct)
    {
        var (id, ids) = (scope.Customer.Id, scope.Ids);
        var ends = await db.SettlementFacts.AsNoTracking().Where(f => ids.Contains(f.CaseId)).OrderBy(f => f.ChangedAt).ThenBy(f => f.CaseId).ToListAsync(ct);
        var plans = await scope.Read(db.Plans.AsNoTracking().Where(p => ids.Contains(p.CaseId)).OrderBy(p => p.MadeAt).ThenBy(p => p.Id), MaxRows, ct);
        var paid = await scope.Read(db.Allocations.AsNoTracking().Where(a => ids.Contains(a.CaseId)).OrderBy(a => a.BookedOn).ThenBy(a => a.Id), MaxRows, ct);
        var references = await db.PaymentOrders.AsNoTracking().Where(o => ids.Contains(o.CaseId)).ToDictionaryAsync(o => o.Id, o => o.Reference, ct);
        var letters = await scope.Read(db.RedLetters.AsNoTracking().Where(r => ids.Contains(r.CaseId)).OrderBy(r => r.CaseId).ThenBy(r => r.Code), MaxRows, ct);
        var numbers = contracts.Keys.ToList();
        var claims = await scope.Read(db.Set<Claim>().AsNoTracking().Where(c => numbers.Contains(c.ContractId)).OrderBy(c => c.ReportedOn).ThenBy(c => c.Id), MaxRows, ct);
        var requests = await db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == id).Select(r => r.Id).ToListAsync(ct);
        var certificates = await scope.Read(db.Certificates.AsNoTracking().Where(c => (c.CaseId != null && ids.Contains(c.CaseId.Value)) || (c.DataRequestId != null && requests.Contains(c.DataRequestId.Value)))
            .OrderBy(c => c.IssuedOn).ThenBy(c => c.Serial), MaxRows, ct);
        return file with
        {
            EndFacts = [.. ends.Select(f => new OwnEndFacts(scope.Number(f.CaseId), f.ChangedAt, JsonSerializer.Deserialize<JsonElement>(f.Facts)))],
            InstalmentPlans =
            [
                .. plans.Select(p => new OwnPlan(scope.Number(p.CaseId), references.GetValueOrDefault(p.OrderId), OwnAmount.Of(p.Price, p.Currency), $"{p.State}", OwnScope.By(p.MadeBy), p.MadeAt, p.DemandedOn)),
            ],
            Allocations =
            [
                .. paid.Select(a => new OwnAllocation(
                    scope.Number(a.CaseId), references.GetValueOrDefault(a.OrderId), a.BookedOn, OwnAmount.Of(a.Cost, a.Currency), OwnAmount.Of(a.Interest, a.Currency), OwnAmount.Of(a.Principal, a.Currency),
                    OwnAmount.Of(a.Unapplied, a.Currency))),
            ],
            RedLetters = [.. letters.Select(r => new OwnRedLetter(scope.Number(r.CaseId), r.Code, OwnAmount.Of(r.Net, r.Currency), OwnAmount.Of(r.Vat, r.Currency), r.TaxCode, r.TaxRate, $"{r.State}", r.DecidedAt))],
            Claims = [.. claims.Select(c => new OwnClaim(contracts.GetValueOrDefault(c.ContractId), c.Number, c.ReportedOn, c.ClosedOn))],
            Certificates =
            [
                .. certificates.Select(c => new OwnCertificate(
                    scope.Number(c.CaseId), c.Serial, $"{c.Kind}", $"{c.State}", c.IssuedOn, Convert.ToHexStringLower(c.Sha256), c.SupersededBy, scope.Known("certificate.reason", c.Reason), c.ChangedAt)),
            ],
        };
    }

    private async Task<OwnDataFile> AddIdentity(OwnDataFile file, OwnScope scope, CancellationToken ct)
    {
        var (id, ids) = (scope.Customer.Id, scope.Ids);
        var vouched = await db.Set<Vouch>().AsNoTracking().Where(v => ids.Contains(v.CaseId)).OrderBy(v => v.At).ThenBy(v => v.CaseId).ToListAsync(ct);
        var known = vouched.Select(v => v.TextId).ToHashSet();
        var changes = new List<OwnDetailChange>();
        foreach (var d in await scope.Read(db.Set<PendingDetails>().AsNoTracking().Where(d => d.CustomerId == id).OrderBy(d => d.At).ThenBy(d => d.Id), 500, ct))
        {
            var contact = d.Kind == DetailKind.Contact ? await vault.Open<CustomerContact>(id, DataClass.Contact, PendingDetails.Place, d.Id.ToString("N"), d.Data, ct) : null;
            var account = d.Kind == DetailKind.Payout ? await vault.Open<PayoutAccount>(id, DataClass.Payout, PendingDetails.Place, d.Id.ToString("N"), d.Data, ct) : null;
            changes.Add(new OwnDetailChange(
                scope.Number(d.CaseId), d.Kind.Code(), d.At, OwnScope.By(d.By), d.HeldUntil, $"{d.State}", contact?.Mail, contact?.Phone, account?.Holder, account?.Bank, GatherOwnData.Ends(account?.Account)));
        }
        return file with
        {
            IdentityChecks =
            [
                .. vouched.Select(v => new OwnIdentityCheck(scope.Number(v.CaseId), v.At, scope.Known("desk.method", v.Method), scope.Said(v.TextId))),
                // What was written down of a check stands beside the case alone; its method is an event.
                .. scope.Opened.Values.Where(x => x.Kind == "identity" && !known.Contains(x.Id)).OrderBy(x => x.Id).Select(x => new OwnIdentityCheck(scope.Number(x.CaseId), null, null, x.Words)),
            ],
            DetailChanges = changes,
        };
    }

    /// <summary>Who looks after them: what was carried out and told. Names of people and what is planned are not among it.</summary>
    private async Task<OwnDataFile> AddCare(OwnDataFile file, OwnScope scope, CancellationToken ct)
    {
        var (id, t) = (scope.Customer.Id, scope.T);
        var owners = await scope.Read(db.OwnerChanges.AsNoTracking().Where(c => c.CustomerId == id && c.State == OwnerChangeState.Done).OrderBy(c => c.FromOn).ThenBy(c => c.Id), MaxRows, ct);
        var givenUp = await scope.Read(db.GivingUps.AsNoTracking().Where(g => g.CustomerId == id && g.State == GivingUpState.Done).OrderBy(g => g.FromOn).ThenBy(g => g.Id), MaxRows, ct);
        var visits = await scope.Read(db.PlanItems.AsNoTracking().Where(i => i.CustomerId == id && i.State == PlanItemState.Moved).OrderBy(i => i.VisitOn).ThenBy(i => i.PlanId), MaxRows, ct);
        return file with
        {
            OwnerChanges = [.. owners.Select(c => new OwnOwnerChange(c.FromOn, $"{c.Reason}", t[$"hand-over.reason.{c.Reason}"], c.ToOwner is null, c.DoneAt, c.CasesMoved, c.CasesKept))],
            GivingUps =
            [
                .. givenUp.Select(g => new OwnGivingUp(
                    g.FromOn, $"{g.Reason}", t[$"giving-up.reason.{g.Reason}"], t[$"giving-up.instead.{g.Alternative}"], scope.Said(g.LetterTextId) is { } json ? JsonSerializer.Deserialize<GivingUpDesk.LetterParts>(json, Json.Plain)?.Reason : null,
                    g.DoneAt)),
            ],
            Visits =
            [
                .. visits.Select(i => new OwnVisit(
                    $"{i.VisitKind}", $"{i.Visit}", i.VisitOn, i.VisitedOn, i.Outcome?.ToString(), scope.Said(i.MinutesId) is { } json ? VisitMinutes.Read(json)?.Minutes : null, $"{i.Letter}")),
            ],
        };
    }
}
