using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Documents;
using Exeunt.Core.Standards;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Standards;

/// <summary>What the decisions about a listing share: finding it within one's units, and who may decide.</summary>
public sealed class ListingDesk(AppDb db)
{
    /// <summary>The listing with its standard and the customer's present unit; null when there is none, or it is not the caller's to see.</summary>
    public async Task<(StandardListing Row, Standard Standard, string UnitPath)?> Find(Guid id, Call call, Permission needs, CancellationToken ct)
    {
        if (await db.Listings.SingleOrDefaultAsync(l => l.Id == id, ct) is not { } row)
            return null;
        var path = await db.Customers.Where(c => c.Id == row.CustomerId).Join(db.Units, c => c.UnitId, u => u.Id, (c, u) => u.Path).SingleOrDefaultAsync(ct);
        if (path is null || !call.Actor.Allows(needs, path))
            return null;
        var document = await db.SignedDocuments.AsNoTracking().Where(d => d.Id == row.StandardId && d.Version == row.Version).Select(d => d.Document).SingleAsync(ct);
        return (row, StandardDocument.Read(document).Standard!, path);
    }

    /// <summary>Why somebody may not decide about a listing; null when they may.</summary>
    public async Task<Refusal?> WhyNot(StandardListing row, Standard standard, string unitPath, Call call, CancellationToken ct)
    {
        if (row.ClosedOn is not null || row.State != ListingState.Waiting)
            return StandardRefusals.Decided;
        if (await db.SignedDocuments.AnyAsync(d => d.Id == row.StandardId && d.Version == row.Version && d.Status == VersionStatus.Retired, ct))
            return StandardRefusals.Retired;
        if (standard.Tier is not null && await db.TierChanges.AnyAsync(c => c.CustomerId == row.CustomerId && c.State == Tiers.TierChangeState.Waiting, ct))
            return Tiers.TierRefusals.AlreadyProposed;
        if (await db.Customers.AnyAsync(c => c.Id == row.CustomerId && (c.RestrictedAt != null || c.ObjectedAt != null || c.ErasedAt != null), ct))
            return Tiers.TierRefusals.NotJudged;
        if (standard.Reviewer is { } role && !call.Actor.Has(role, unitPath) && call.Actor.Kind != ActorKind.System)
            return StandardRefusals.OtherRole(role);
        if (standard.IsAdverse && await db.SignedDocumentHands.AnyAsync(h => h.Id == row.StandardId && h.Version == row.Version && h.Part == SignPart.Author && h.By == call.Actor.Id, ct))
            return StandardRefusals.WroteStandard;
        return null;
    }

    /// <summary>A person's own grounds with what the listing says.</summary>
    public static string Grounds(string words, StandardListing row, Standard standard, Call call) =>
        $"{words.Trim()}\n\n{standard.Name.In(call.Language)} ({row.StandardId}, {row.Version}), {row.OpenedOn:yyyy-MM-dd}: {IndicatorWords.Reasons(StandardDocument.ReasonsOf(row.Reason)).In(call.Language)}";

    /// <summary>A customer was moved to a tier: what proposed that is done.</summary>
    public async Task Moved(long customer, Customers.CustomerTier to, Call call, CancellationToken ct)
    {
        var waiting = await db.Listings.Where(l => l.CustomerId == customer && l.Action == StandardAction.Review && l.State == ListingState.Waiting && l.ClosedOn == null).ToListAsync(ct);
        foreach (var row in waiting)
            if (StandardDocument.Read(await db.SignedDocuments.AsNoTracking().Where(d => d.Id == row.StandardId && d.Version == row.Version).Select(d => d.Document).SingleAsync(ct)).Standard!.Tier == (StandardTier)(int)to)
                Decide(row, ListingState.Done, call);
    }

    public void Decide(StandardListing row, ListingState state, Call call)
    {
        (row.State, row.DecidedBy, row.DecidedAt) = (state, call.Actor.Id, call.Now);
        row.Revision++;
        db.Audit(call, $"listing.{state.ToString().ToLowerInvariant()}", $"listing:{row.Id:N}", new { row.StandardId, row.Version, row.CustomerId, row.CaseId, row.Dismissed });
    }
}

/// <summary>
/// Opens an offboarding case from a listing: a person decides, with own grounds; what decided about the listing becomes evidence, copied
/// from the records with today's date.
/// </summary>
public sealed class OpenListedCase(AppDb db, ListingDesk desk, OffboardingOpening opening) : UseCase<OpenListedCase.Request, OpenOffboarding.Opened>(db)
{
    /// <param name="ContractId">Null: the customer's only one in force.</param>
    /// <param name="Words">Own grounds.</param>
    public sealed record Request(Guid ListingId, long? ContractId, string? Words);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override int Tries => 20;

    protected override async Task<Outcome<OpenOffboarding.Opened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.ListingId, call, Needs, ct) is not var (row, standard, path))
            return CommonRefusals.NotFound;
        if (await desk.WhyNot(row, standard, path, call, ct) is { } no)
            return no;
        if (standard.Action != StandardAction.OpenOffboarding || OffboardingGround.Find(standard.Ground) is not { Immediate: false } ground)
            return StandardRefusals.NoOffboarding;
        if (CommonRefusals.Unfit("words", request.Words, OffboardingOpening.MaxWords / 2, out var unfit))
            return unfit;
        var contracts = await Db.Contracts.AsNoTracking().Where(c => c.CustomerId == row.CustomerId && c.State != ContractState.Ended).OrderBy(c => c.Id).Select(c => c.Id).Take(50).ToListAsync(ct);
        if ((request.ContractId is { } chosen ? contracts.Contains(chosen) ? chosen : null : contracts is [var only] ? only : (long?)null) is not { } contract)
            return contracts.Count == 0 || request.ContractId is not null ? StandardRefusals.NoContract : CommonRefusals.Required("contract");
        var reasons = StandardDocument.ReasonsOf(row.Reason);
        var words = ListingDesk.Grounds(request.Words, row, standard, call);
        var opened = await opening.Stage(new(row.CustomerId, contract, ground.Code, words, FactsOf(reasons), null), ground, Needs, call, ct);
        if (opened.Refusal is { } refused)
            return refused;
        row.CaseId = opened.Value.Id;
        desk.Decide(row, ListingState.CaseOpened, call);
        return await Commit(new OpenOffboarding.Opened(opened.Value.Id, opened.Value.Number), ct);
    }

    /// <summary>The figures of the records that stand behind what decided.</summary>
    private static List<EvidenceFact> FactsOf(IReadOnlyList<Deciding> reasons) =>
    [
        .. reasons.Select(r => IndicatorDefinition.Find(r.Indicator)?.Indicator switch
        {
            Indicator.ReturnRate12m => EvidenceFact.ReturnsPerMille,
            Indicator.Complaints12m or Indicator.ValidComplaints12m or Indicator.ValidComplaintRate12m => EvidenceFact.Complaints,
            Indicator.DaysOverdue => EvidenceFact.DaysOverdue,
            Indicator.OverdueAmount or Indicator.BrokenPromises12m => EvidenceFact.Arrears,
            _ => EvidenceFact.Spend,
        }).Append(EvidenceFact.Spend).Distinct(),
    ];
}

/// <summary>
/// Moves a listed customer to the tier the standard proposes: a person decides, with own grounds; a move down waits for a second person,
/// as every one does. The listing is done when the move is made (<see cref="Tiers.DecideTier"/>); refused, somebody decides again.
/// </summary>
public sealed class ChangeListedTier(AppDb db, ListingDesk desk, Tiers.TierDesk tiers) : UseCase<ChangeListedTier.Request, Tiers.ChangeTier.Changed>(db)
{
    /// <param name="Codes">For a move to high risk: one to four reason codes, which the customer is told.</param>
    /// <param name="Words">Own grounds.</param>
    public sealed record Request(Guid ListingId, IReadOnlyList<string>? Codes, string? Words);

    public override Permission Needs => Permission.ProposeTiers;

    protected override int Tries => 5;

    protected override async Task<Outcome<Tiers.ChangeTier.Changed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.ListingId, call, Needs, ct) is not var (row, standard, path))
            return CommonRefusals.NotFound;
        if (await desk.WhyNot(row, standard, path, call, ct) is { } no)
            return no;
        if (standard.Tier is not { } proposed)
            return StandardRefusals.NoTier;
        if (CommonRefusals.Unfit("words", request.Words, Tiers.ChangeTier.MaxWords / 2, out var unfit))
            return unfit;
        if (await tiers.Customer(row.CustomerId, call, Needs, ct) is not { } customer)
            return CommonRefusals.NotFound;
        var words = ListingDesk.Grounds(request.Words, row, standard, call);
        var change = await tiers.Propose(customer, (Customers.CustomerTier)(int)proposed, request.Codes ?? [], words.Length > Tiers.ChangeTier.MaxWords ? words[..Tiers.ChangeTier.MaxWords] : words, call, ct);
        if (change.Refusal is { } refused)
            return refused;
        if (!change.Value.IsDown)
            desk.Decide(row, ListingState.Done, call);
        return await Commit(new Tiers.ChangeTier.Changed(change.Value.Id, !change.Value.IsDown), ct);
    }
}

/// <summary>Ends a listing without a case: what was to be done is done, or nothing follows, for a stated reason.</summary>
public sealed class CloseListing(AppDb db, ListingDesk desk) : UseCase<CloseListing.Request, Done>(db)
{
    /// <param name="Reason">Why nothing follows; null: it is done.</param>
    public sealed record Request(Guid ListingId, bool IsDone, DismissReason? Reason = null);

    public override Permission Needs => Permission.DecideListings;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.ListingId, call, Needs, ct) is not var (row, standard, path))
            return CommonRefusals.NotFound;
        if (await desk.WhyNot(row, standard, path, call, ct) is { } no)
            return no;
        if (!request.IsDone && (request.Reason is not { } reason || !Enum.IsDefined(reason)))
            return StandardRefusals.NoReason;
        if (request.IsDone && standard.Action == StandardAction.OpenOffboarding)
            return StandardRefusals.NoReason;
        row.Dismissed = request.IsDone ? null : request.Reason;
        desk.Decide(row, request.IsDone ? ListingState.Done : ListingState.Dismissed, call);
        return await Commit(Done.It, ct);
    }
}
