using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Feedback;
using Exeunt.App.Features.Negotiation;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>
/// Gathers everything held of the customer whose session opens a case, or whose door is open, for a file they download. Each time is recorded; more than
/// <see cref="MostAnHour"/> an hour are refused. Of other customers nothing is read.
/// </summary>
public sealed class GatherOwnData(
    AppDb db, CaseDesk desk, DataOwner owner, Vault vault, FeedbackDesk feedback, ReasonBook reasons, Erasure.Retention retention, OwnTrade trade, OwnStanding standing, OwnCaseRecords records, OwnWriting writing, OwnKeeping keeping)
    : UseCase<GatherOwnData.Request, GatherOwnData.Gathered>(db)
{
    public const string Verb = "own-data.downloaded";

    /// <summary>The same, made by staff for a request: it is theirs, and does not count against the customer.</summary>
    public const string ByStaffVerb = "own-data.packed";
    public const int MostAnHour = 10;

    /// <summary>What one file holds at most; what is beyond is said in it.</summary>
    public const int MaxCases = 200;
    public const int MaxContracts = 500;
    public const int MaxFacts = 20_000;
    public const int MaxDocuments = 1_000;
    private const int MaxEvents = 50_000;

    /// <summary>Kind of the texts that <see cref="Ratings.RatingDesk"/> keeps: they hold more than words, and it reads them.</summary>
    private const string RatingKind = "rating";

    /// <param name="Form">"json", "zip" or "api", for the record.</param>
    /// <param name="MadeBy">Who makes it for the customer; null: the customer.</param>
    public sealed record Request(Whose Whose, string Form, Actor? MadeBy = null);

    /// <param name="Documents">The rows of <see cref="OwnDataFile.Documents"/>, for their bytes.</param>
    public sealed record Gathered(OwnDataFile File, IReadOnlyList<Guid> Documents);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Gathered>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await owner.Of(request.Whose, call, ct) is not { } who)
            return request.Whose.Closed;
        var (customer, own, number) = who;
        var customerId = customer.Id;
        Guid? ownCase = own?.Id;
        var (target, since) = ($"customer:{customerId}", call.Now.AddHours(-1));
        if (request.MadeBy is null && await Db.AuditLog.AsNoTracking().CountAsync(r => r.Target == target && r.Verb == Verb && r.At > since, ct) >= MostAnHour)
            return TooOften;
        // A package that staff make is the customer's to read.
        var t = Texts.In(request.MadeBy is null ? call.Language : who.Language);
        var contracts = await Db.Contracts.AsNoTracking().Where(c => c.CustomerId == customerId).OrderBy(c => c.StartOn).ThenBy(c => c.Id).Take(MaxContracts + 1).ToListAsync(ct);
        // What the company prepares and has not told them yet is not theirs to see; it comes with the notice.
        var all = await Db.Cases.AsNoTracking().Where(c => c.CustomerId == customerId
                && (c.Kind != CaseKind.Offboarding || c.Id == ownCase || c.State == CaseState.Closed || c.EffectiveOn != null || c.ObjectUntil != null))
            .OrderBy(c => c.BusinessReceivedAt).ThenBy(c => c.Id).Take(MaxCases + 1).ToListAsync(ct);
        var leftOut = Always(t);
        Cut(leftOut, contracts, MaxContracts, t["own-data.contracts"], t);
        Cut(leftOut, all, MaxCases, t["own-data.cases"], t);

        var cases = all.ConvertAll(c => desk.Ready(c, call));
        var (opened, typed) = await TextsOf(customerId, cases.ConvertAll(c => c.Id), ct);
        var scope = new OwnScope(customer, cases, opened, leftOut, t, call.Today(Clocks.CompanyZone));
        var numbers = new Dictionary<long, string?>();
        var ownContracts = new List<OwnContract>();
        foreach (var contract in contracts)
            ownContracts.Add(await ContractOf(contract, numbers, call, t, ct));
        var ownCases = await CasesOf(scope, numbers, typed, ct);
        var documents = await DocumentsOf(customerId, cases, leftOut, t, ct);
        var erased = await Db.Erasures.AsNoTracking().Where(e => e.CustomerId == customerId).OrderBy(e => e.Id).Take(100).ToListAsync(ct);
        var gone = GoneOf(customer, erased.Select(e => e.Class));
        var file = new OwnDataFile(
            OwnDataFile.Version, call.Now, t.Language, own?.Number, await CustomerOf(customer, t, ct), await retention.Locked(customer, HeldIn(t, gone), t, ct), ownContracts, ownCases, await trade.Facts(scope, ct),
            await Confirmed([.. contracts.Select(c => c.Id)], ct), await FeedbackOf(customerId, leftOut, t, ct), [.. documents.Select(d => d.Shown)],
            [.. erased.Select(e => new OwnErased($"{e.Class}", e.At))], leftOut)
        {
            Reference = own is null ? number : null,
        };
        file = await trade.Add(file, scope, ct);
        file = await standing.Add(file, scope, ct);
        file = await records.Add(file, scope, numbers, ct);
        file = await writing.Add(file, scope, ct);
        file = await keeping.Add(file, scope, ct);
        Db.Audit(request.MadeBy is { } staff ? call with { Actor = staff } : call, request.MadeBy is null ? Verb : ByStaffVerb, target, new { request.Form, caseId = ownCase, documents = documents.Count });
        // The file is personal data: no answer is kept under an idempotency key.
        await Db.SaveChangesAsync(ct);
        return new Gathered(file, [.. documents.Select(d => d.Shown.Id)]);
    }

    /// <summary>The classes of which nothing is held; an account may have been given anew.</summary>
    public static HashSet<DataClass> GoneOf(Customer customer, IEnumerable<DataClass> erased) => [.. erased.Where(c => c != DataClass.Payout || customer.Payout is null)];

    /// <summary>The classes of data: what is held, for what, until when.</summary>
    public static IReadOnlyList<OwnHeld> HeldIn(Texts t, IReadOnlySet<DataClass> erased) =>
        [.. Enum.GetValues<DataClass>().Select(c => new OwnHeld($"{c}", t[$"own-data.class.{c}"], t[$"own-data.for.{c}"], t[$"own-data.until.{c}"], erased.Contains(c)))];

    /// <summary>What never is in the file, and why.</summary>
    public static List<OwnLeftOut> Always(Texts t) => [.. OwnDataTables.Reasons.Select(k => new OwnLeftOut(t["own-data.left." + k], t["own-data.left." + k + ".why"]))];

    /// <summary>What is shown of an account or card: its last four characters.</summary>
    internal static string? Ends(string? account) => account is null ? null : account.Length > 4 ? account[^4..] : "****";

    private static void Cut<T>(List<OwnLeftOut> leftOut, List<T> rows, int most, string what, Texts t)
    {
        if (rows.Count <= most)
            return;
        rows.RemoveRange(most, rows.Count - most);
        leftOut.Add(new OwnLeftOut(what, t["own-data.left.cut", most]));
    }

    private async Task<OwnCustomer> CustomerOf(Customer c, Texts t, CancellationToken ct)
    {
        var identity = await vault.Open<CustomerIdentity>(c.Id, DataClass.Case, CustomerTable.IdentityPlace, c.Row, c.Identity, ct);
        var contact = await vault.Open<CustomerContact>(c.Id, DataClass.Contact, CustomerTable.ContactPlace, c.Row, c.Contact, ct);
        var profile = await vault.Open<CustomerProfile>(c.Id, DataClass.Profile, CustomerTable.ProfilePlace, c.Row, c.Profile, ct);
        var payout = await vault.Open<PayoutAccount>(c.Id, DataClass.Payout, CustomerTable.PayoutPlace, c.Row, c.Payout, ct);
        var unit = await Db.Units.AsNoTracking().SingleOrDefaultAsync(u => u.Id == c.UnitId, ct);
        return new OwnCustomer(
            c.Id, $"{c.Kind}", $"{c.Tier}", c.OrganisationName, identity?.Name, identity?.ContactPerson, contact?.Mail, contact?.Phone, contact?.Address, c.Country, c.Industry, c.Since, c.Language, c.Source,
            profile?.ExternalNumber, profile?.Notes, payout is null ? null : new OwnAccount(payout.Holder, payout.Bank, Ends(payout.Account)!))
        {
            Currency = c.Currency, Unit = unit?.Name(t.Language), GivenUpOn = c.GivenUpOn, RestrictedAt = c.RestrictedAt, ObjectedAt = c.ObjectedAt,
        };
    }

    private async Task<OwnContract> ContractOf(Contract c, Dictionary<long, string?> numbers, Call call, Texts t, CancellationToken ct)
    {
        var number = numbers[c.Id] = await vault.Open<string>(c.CustomerId, DataClass.Case, ContractTable.NumberPlace, c.Row, c.Number, ct);
        var terms = Settlements.Settling.TermsOf(c);
        var fee = terms.FeeOn(call.Today(c.Zone));
        return new OwnContract(
            number, t.Pick(c.ProductEnglish, c.ProductChinese), c.StartOn, terms.TermEnd, $"{c.State}", c.LastServiceDay, OwnAmount.Of(fee.Minor, fee.Currency), ContractWords.Of(terms, t), c.PolicyNumber, c.PolicyVersion,
            [.. c.Amendments.OrderBy(a => a.Number).Select(a => new OwnAmendment(a.Number, a.From, a.Until, a.At, AmendmentWords.Of(a, t)))])
        {
            SignedOn = c.SignedOn, Unpaid = OwnAmount.Of(c.Unpaid, c.Currency), UnpaidDueOn = c.UnpaidDueOn, Jurisdiction = c.Jurisdiction, Zone = c.Zone, Rights = c.Rights == PolicyRight.None ? null : $"{c.Rights}",
        };
    }

    /// <summary>The personal texts of a customer and of the cases they were told of, opened, and what was typed with each application. Erased ones are left out.</summary>
    private async Task<(Dictionary<Guid, OwnText> Opened, Dictionary<Guid, Typed> Typed)> TextsOf(long customerId, List<Guid> cases, CancellationToken ct)
    {
        var (opened, typed) = (new Dictionary<Guid, OwnText>(), new Dictionary<Guid, Typed>());
        foreach (var text in await Db.Texts.AsNoTracking().Where(x => x.Kind != RatingKind && x.Kind != DataRequests.Corrections.Kind && ((x.Subject == customerId && x.CaseId == null) || (x.CaseId != null && cases.Contains(x.CaseId.Value)))).OrderBy(x => x.Id).ToListAsync(ct))
        {
            var row = text.Id.ToString("N");
            if (text is { Kind: SubmitApplication.IntakeKind, CaseId: { } caseId })
            {
                if (await vault.Open<Typed>(text.Subject, text.Class, PersonalText.Place, row, text.Data, ct) is { } given)
                    typed[caseId] = given;
            }
            else if (await vault.Open<string>(text.Subject, text.Class, PersonalText.Place, row, text.Data, ct) is { } words)
                opened[text.Id] = new OwnText(text.Id, text.CaseId, text.Kind, words);
        }
        return (opened, typed);
    }

    /// <summary>The cases, with one question for each table.</summary>
    private async Task<List<OwnCase>> CasesOf(OwnScope scope, Dictionary<long, string?> numbers, Dictionary<Guid, Typed> typed, CancellationToken ct)
    {
        var (ids, t) = (scope.Ids, scope.T);
        var list = await reasons.All(ct);
        var events = (await scope.Read(Db.CaseEvents.AsNoTracking().Where(e => ids.Contains(e.CaseId)).OrderBy(e => e.CaseId).ThenBy(e => e.Number), MaxEvents, ct, "own-data.events")).ToLookup(e => e.CaseId);
        var offers = (await Db.Offers.AsNoTracking().Where(o => ids.Contains(o.CaseId) && (o.Approval == OfferApproval.NotNeeded || o.Approval == OfferApproval.Approved)).OrderBy(o => o.MadeAt).ToListAsync(ct)).ToLookup(o => o.CaseId);
        var proposals = (await Db.Set<Proposal>().AsNoTracking().Where(p => ids.Contains(p.CaseId)).OrderBy(p => p.Number).ToListAsync(ct)).ToLookup(p => p.CaseId);
        var settled = scope.Cases.Select(c => c.SettlementId).OfType<Guid>().ToList();
        var settlements = await Db.Settlements.AsNoTracking().Where(s => settled.Contains(s.Id)).ToDictionaryAsync(s => s.Id, ct);
        var lines = (await Db.CaseLines.AsNoTracking().Where(l => ids.Contains(l.CaseId)).OrderBy(l => l.AddedAt).ThenBy(l => l.Code).ToListAsync(ct)).ToLookup(l => l.CaseId);
        var orders = (await Db.PaymentOrders.AsNoTracking().Where(o => ids.Contains(o.CaseId) && o.State != Settlements.PaymentState.Proposed).OrderBy(o => o.OrderedAt).ThenBy(o => o.Id).ToListAsync(ct)).ToLookup(o => o.CaseId);
        var plans = await Db.Plans.AsNoTracking().Where(p => ids.Contains(p.CaseId) && p.State != Settlements.PlanState.Replaced).Select(p => new { p.Id, p.CaseId, p.Currency }).ToListAsync(ct);
        var planIds = plans.ConvertAll(p => p.Id);
        var rows = (await Db.PlanRows.AsNoTracking().Where(r => planIds.Contains(r.PlanId)).OrderBy(r => r.DueOn).ThenBy(r => r.Number).ToListAsync(ct)).ToLookup(r => r.PlanId);
        var surveys = await Db.SurveyAnswers.AsNoTracking().Where(s => ids.Contains(s.CaseId)).ToDictionaryAsync(s => s.CaseId, ct);
        var found = new List<OwnCase>();
        foreach (var exit in scope.Cases)
        {
            var (id, given) = (exit.Id, typed.GetValueOrDefault(exit.Id));
            var settlement = exit.SettlementId is { } sid ? settlements.GetValueOrDefault(sid) : null;
            var survey = surveys.GetValueOrDefault(id);
            found.Add(new OwnCase(
                exit.Number, $"{exit.Kind}", $"{exit.State}", exit.Outcome?.ToString(), exit.ContractId is { } contract ? numbers.GetValueOrDefault(contract) : null, $"{exit.Channel}", exit.ReceivedAt, exit.EffectiveOn,
                given is null ? null : new OwnTyped(given.ContractNumber, given.Name, given.Contact, given.EndsOn, given.Reason is { Length: > 0 } reason ? list.Words(reason, t) : null, given.Words),
                [.. exit.Steps.Select(s => new OwnStep(exit.Plan.Find(s.Id)?.Name.In(t.Language) ?? s.Id, $"{s.State}", s.StartedAt, s.EndedAt))],
                [.. events[id].Select(e => SaidIn(e.Read(), scope.Said, list, t)).OfType<OwnSaid>()],
                [.. offers[id].Select(o => new OwnOffer(OfferWords.Of(o, t), o.MadeAt, o.AnswerBy, o.Accepted) { State = $"{o.State}", AnsweredAt = o.AnsweredAt, Result = o.Result?.ToString() })],
                [.. proposals[id].Select(p => new OwnProposal(p.Number, p.ByCustomer ? "customer" : "company", p.At, p.EndsOn, OwnAmount.Of(p.Fee, p.Currency), p.Instalments, scope.Said(p.TextId)))],
                settlement is null ? null : new OwnSettlement(settlement.At, OwnAmount.Of(settlement.Total, settlement.Currency), settlement.Digest,
                    [.. StatementLines.Read(settlement.Statement, t).Select(l => new OwnLine(l.Code, l.Label, OwnAmount.Of(l.Amount.Minor, l.Amount.Currency), l.Formula, l.Explanation, l.Clause, JsonSerializer.Deserialize<JsonElement>(l.Inputs)))]),
                [.. lines[id].Where(l => l.IsCredit ? l.Counts : l.State != CaseLineState.Dropped || l.ObjectionTextId is not null).Select(l => new OwnAddedLine(
                    t.Pick(l.LabelEnglish, l.LabelChinese), OwnAmount.Of(l.Value.Minor, l.Value.Currency), l.IsCredit, $"{l.State}", scope.Said(l.IsCredit ? null : l.TextId), scope.Said(l.ObjectionTextId), scope.Said(l.DecisionTextId)))],
                [.. orders[id].Select(PaymentOf)],
                [.. plans.Where(p => p.CaseId == id).SelectMany(p => rows[p.Id].Select(r => new OwnInstalment(r.Number, r.DueOn, OwnAmount.Of(r.Amount, p.Currency), OwnAmount.Of(r.Paid, p.Currency))))],
                survey is null ? null : new OwnSurvey(survey.At, survey.Handling, survey.Clarity, scope.Said(survey.TextId))));
        }
        return found;
    }

    private static OwnPayment PaymentOf(Settlements.PaymentOrder o) =>
        new($"{o.Direction}", $"{o.Purpose}", OwnAmount.Of(o.Amount, o.Currency), OwnAmount.Of(o.Matched, o.Currency), o.Reference, $"{o.State}", o.OrderedAt, o.ReconciledAt)
        {
            Costs = o.Cost == 0 ? null : OwnAmount.Of(o.Cost, o.Currency), Interest = o.Interest == 0 ? null : OwnAmount.Of(o.Interest, o.Currency),
        };

    /// <summary>What was said between customer and company, or noted about the customer; what staff ask each other is not among it.</summary>
    private static OwnSaid? SaidIn(RecordedEvent e, Func<Guid?, string?> said, ReasonList reasons, Texts t)
    {
        OwnSaid Of(string by, string what, Guid? text, string? detail = null) => new(e.At, by, what, detail, said(text));
        return e.What switch
        {
            MessageLeft m => Of(m.FromCustomer ? "customer" : "company", "message", m.TextId),
            TalkRecorded talk => Of("company", "talk", talk.TextId, $"{talk.Channel}, {talk.Minutes} min, {reasons.Words(talk.Reason, talk.Detail, t)}"),
            TalkConcluded talk => Of("company", "talk-concluded", talk.TextId, $"{talk.Result}"),
            ObjectionMade o => Of("customer", "objection", o.TextId),
            ObjectionDecided o => Of("company", "objection-decided", o.TextId, o.Upheld ? "upheld" : "rejected"),
            AppealMade a => Of("customer", "appeal", a.TextId),
            AppealDecided a => Of("company", "appeal-decided", a.TextId, a.Upheld ? "upheld" : "rejected"),
            CaseRefused r => Of("company", "refused", r.TextId, r.Ground),
            CureJudged c => Of("company", "improvement-judged", c.TextId, c.Met ? "met" : "missed"),
            CaseCured c => Of("company", "cured", c.TextId),
            DetailsStopped d => Of(d.TextId is null ? "customer" : "company", "change-stopped", d.TextId, d.What),
            DecisionReversed d => Of("company", "reversed", d.TextId),
            ReturnAdmitted r => Of("company", "return-admitted", r.TextId),
            ReturnSent r => Of("customer", "return-sent", r.TextId),
            ResultContested r => Of("customer", "result-contested", r.TextId),
            _ => null,
        };
    }

    private async Task<IReadOnlyList<OwnConfirmation>> Confirmed(List<long> contracts, CancellationToken ct) =>
        await Db.PolicyConfirmations.AsNoTracking().Where(c => contracts.Contains(c.ContractId)).Join(Db.PolicyTexts.AsNoTracking(), c => c.Sha256, x => x.Sha256, (c, x) => new { c, x })
            .OrderBy(r => r.c.At).ThenBy(r => r.c.Id).Take(1_000)
            .Select(r => new OwnConfirmation(r.c.At, r.x.Kind.ToString(), r.c.Where.ToString(), r.c.PolicyNumber, r.c.PolicyVersion, r.c.Language, r.c.Sha256, r.x.Text)).ToListAsync(ct);

    /// <summary>What came from the customer's own opened case. What somebody else may have written in their name is not shown to them as theirs.</summary>
    private async Task<IReadOnlyList<OwnFeedback>> FeedbackOf(long customerId, List<OwnLeftOut> leftOut, Texts t, CancellationToken ct)
    {
        var items = await Db.Feedback.AsNoTracking().Where(f => f.CustomerId == customerId).OrderBy(f => f.Serial).Take(500).ToListAsync(ct);
        if (items.Count(f => !f.IsProven) is > 0 and var unproven)
            leftOut.Add(new OwnLeftOut(t["own-data.left.unproven"], t["own-data.left.unproven.why"], unproven));
        var own = new List<OwnFeedback>();
        foreach (var f in items.Where(f => f.IsProven))
        {
            var index = await Db.FeedbackIndex.AsNoTracking().SingleAsync(i => i.FeedbackId == f.Id, ct);
            var (typed, contact, history) = (await feedback.Typed(index, ct), await feedback.Contact(index, ct), await feedback.History(f, ct));
            own.Add(new OwnFeedback(
                f.Number, $"{f.Kind}", f.Category, $"{f.State}", f.ReceivedAt, typed?.Words, typed?.Wish, contact?.Mail ?? contact?.Phone, f.Verdict?.ToString(), [.. f.Remedies.Select(r => $"{r}")], f.End?.ToString(),
                [.. history.Where(l => l.What is FeedbackEvent.Wrote or FeedbackEvent.Replied or FeedbackEvent.Answered or FeedbackEvent.Reopened or FeedbackEvent.Settled or FeedbackEvent.Unsettled)
                    .Select(l => new OwnSaid(l.At, l.What is FeedbackEvent.Replied or FeedbackEvent.Answered ? "company" : "customer", l.What.ToString().ToLowerInvariant(), null, l.Words))]));
        }
        return own;
    }

    private async Task<List<(OwnDocument Shown, long Size)>> DocumentsOf(long customerId, List<ExitCase> cases, List<OwnLeftOut> leftOut, Texts t, CancellationToken ct)
    {
        var found = new List<(OwnDocument, long)>();
        var frozen = 0;
        foreach (var exit in cases)
        {
            var own = await DownloadOwnDocument.Own(Db, exit.Id).OrderBy(d => d.At).ThenBy(d => d.Id)
                .Select(d => new { d.Id, d.Kind, d.FileName, d.MediaType, d.Size, d.Sha256, d.At }).Take(MaxDocuments + 1).ToListAsync(ct);
            found.AddRange(own.Select(d => (new OwnDocument(d.Id, exit.Number, $"{d.Kind}", $"documents/{exit.Number}/{d.Id:N}{OwnDataZip.Ending(d.FileName)}", d.MediaType, d.Size, Convert.ToHexStringLower(d.Sha256), d.At), (long)d.Size)));
            frozen += await Db.Documents.AsNoTracking().CountAsync(d => d.CaseId == exit.Id && d.Kind == DocumentKind.CheckPaper, ct);
            if (exit.Kind == CaseKind.Offboarding)
                frozen += await Db.Documents.AsNoTracking().CountAsync(d => d.CaseId == exit.Id && (d.Kind == DocumentKind.EvidenceFile || d.Kind == DocumentKind.Evidence), ct) - own.Count(d => d.Kind == DocumentKind.Evidence);
        }
        // Letters about who looks after them, and certificates of an erasure they asked for, belong to no case.
        found.AddRange((await Db.Documents.AsNoTracking().Where(d => d.Subject == customerId && d.CaseId == null && d.Kind != DocumentKind.Archive && d.Kind != DocumentKind.EvidenceFile && d.Kind != DocumentKind.CheckPaper)
                .OrderBy(d => d.At).ThenBy(d => d.Id).Select(d => new { d.Id, d.Kind, d.FileName, d.MediaType, d.Size, d.Sha256, d.At }).Take(MaxDocuments).ToListAsync(ct))
            .Select(d => (new OwnDocument(d.Id, "", $"{d.Kind}", $"documents/letters/{d.Id:N}{OwnDataZip.Ending(d.FileName)}", d.MediaType, d.Size, Convert.ToHexStringLower(d.Sha256), d.At), (long)d.Size)));
        if (frozen > 0)
            leftOut.Add(new OwnLeftOut(t["own-data.left.evidence"], t["own-data.left.evidence.why"], frozen));
        Cut(leftOut, found, MaxDocuments, t["own-data.documents"], t);
        return found;
    }

    private static readonly Refusal TooOften = new(RefusalKind.TooMany, "own-data.too-often",
        $"Your data was downloaded {MostAnHour} times within an hour. Please wait an hour.", $"一小时内已下载 {MostAnHour} 次，请一小时后再试。");
}

/// <summary>The page before the download: which classes of data are held, for what, until when, and how much there is.</summary>
public sealed class ShowOwnData(AppDb db, DataOwner owner, Erasure.Retention retention) : UseCase<ShowOwnData.Request, ShowOwnData.View>(db)
{
    public sealed record Request(Whose Whose);

    public sealed record View(string Number, IReadOnlyList<OwnHeld> Held, IReadOnlyList<OwnLeftOut> LeftOut, int Contracts, int Cases);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await owner.Of(request.Whose, call, ct) is not var (row, exit, number))
            return request.Whose.Closed;
        var customer = row.Id;
        Guid? ownCase = exit?.Id;
        var t = Texts.In(call.Language);
        var gone = await Db.Erasures.AsNoTracking().Where(e => e.CustomerId == customer).Select(e => e.Class).Distinct().ToListAsync(ct);
        return new View(
            number, await retention.Locked(row, GatherOwnData.HeldIn(t, GatherOwnData.GoneOf(row, gone)), t, ct), GatherOwnData.Always(t), await Db.Contracts.CountAsync(c => c.CustomerId == customer, ct),
            await Db.Cases.CountAsync(c => c.CustomerId == customer && (c.Kind != CaseKind.Offboarding || c.Id == ownCase || c.State == CaseState.Closed || c.EffectiveOn != null || c.ObjectUntil != null), ct));
    }
}
