using Exeunt.App.Data;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Approvals;

public enum FourEyesPart
{
    /// <summary>Wrote something the approval binds, or took the application.</summary>
    Requester,
    Approver,

    /// <summary>Released what was approved.</summary>
    Executor,
}

/// <summary>
/// Who had which part in one thing to approve (a settlement or decision, by its digest). The key lets nobody have two, whatever the
/// code does; an approval is refused by the database without its row here. Rows are never changed or removed.
/// </summary>
public sealed class FourEyes
{
    public required Guid CaseId { get; init; }
    public required string Digest { get; init; }

    /// <summary>Id of the member of staff.</summary>
    public required string Person { get; init; }
    public required FourEyesPart Part { get; init; }
    public required DateTimeOffset At { get; init; }

    /// <summary>Stages what the case's new events say about who had which part, and the approvals' own rows.</summary>
    internal static void Stage(AppDb db, ExitCase exit, Call call)
    {
        void Add(string digest, string? person, FourEyesPart part)
        {
            if (person is null || !person.StartsWith("staff:", StringComparison.Ordinal))
                return;
            var known = db.FourEyes.Find(exit.Id, digest, person);
            if (known is null)
                db.FourEyes.Add(new FourEyes { CaseId = exit.Id, Digest = digest, Person = person, Part = part, At = call.Now });
            else if (known.Part != part && part != FourEyesPart.Requester)
                throw new InvalidOperationException($"{person} is {known.Part} of this already and cannot be its {part}.");
        }
        VoidFallen(db, exit, call);
        foreach (var what in exit.Raised.Select(r => r.What))
            switch (what)
            {
                case var written when Writes(written):
                    foreach (var digest in exit.Rounds.Select(r => r.Digest))
                        foreach (var person in exit.Requesters.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                            Add(digest, person, FourEyesPart.Requester);
                    break;
                case ApprovalGiven given:
                    Add(given.Digest, given.By, FourEyesPart.Approver);
                    Add(given.Digest, given.OnBehalfOf, FourEyesPart.Approver);
                    db.Approvals.Add(new ApprovalRow
                    {
                        Id = Guid.CreateVersion7(), CaseId = exit.Id, Of = exit.Rounds.FirstOrDefault(r => r.Digest == given.Digest)?.Of ?? ApprovalSubject.Settlement,
                        Role = given.Role, Digest = given.Digest, By = given.By, OnBehalfOf = given.OnBehalfOf, RequestedBy = exit.Requesters.Split(' ')[0], At = call.Now,
                    });
                    break;
                case MoneyReleased released when exit.SettlementDigest is { } digest:
                    Add(digest, released.By, FourEyesPart.Executor);
                    break;
            }
    }

    /// <summary>What writes a part of what is approved, so that whoever did asks for the approval.</summary>
    private static bool Writes(CaseEvent what) =>
        what is SettlementComputed or DecisionDrafted or FactsChanged or LineAdded or DetailsChanged or OfferMade or ProposalMade or ProposalConfirmed;

    /// <summary>Whether somebody released the money of the settlement in force.</summary>
    internal static Task<bool> Released(AppDb db, ExitCase exit, CancellationToken ct) =>
        db.FourEyes.AnyAsync(f => f.CaseId == exit.Id && f.Digest == exit.SettlementDigest && f.Part == FourEyesPart.Executor, ct);

    /// <summary>Whether somebody approved the settlement in force, be it an approval that does not stand any more.</summary>
    internal static Task<bool> Approved(AppDb db, ExitCase exit, string person, CancellationToken ct) =>
        db.FourEyes.AnyAsync(f => f.CaseId == exit.Id && f.Digest == exit.SettlementDigest && f.Person == person && f.Part == FourEyesPart.Approver, ct);

    /// <summary>
    /// A row stands while its approval stands in the case: what was recalled, returned, taken back or left behind by another digest or
    /// account is void, so that the same person can approve anew.
    /// </summary>
    private static void VoidFallen(AppDb db, ExitCase exit, Call call)
    {
        var events = exit.Raised.Select(r => r.What).ToList();
        if (!events.Exists(e => Writes(e) || e is ApprovalGiven or ApprovalRecalled or ApprovalReturned))
            return;
        var fresh = events.OfType<ApprovalGiven>().Select(g => (g.Digest, g.By)).ToHashSet();
        foreach (var row in db.Approvals.Where(a => a.CaseId == exit.Id && a.VoidedAt == null).ToList())
            if (exit.Round(row.Of) is { } round && (round.Digest != row.Digest || fresh.Contains((row.Digest, row.By)) || round.Given.All(g => g.By != row.By)))
                row.VoidedAt = call.Now;
    }
}

internal sealed class FourEyesTable : IEntityTypeConfiguration<FourEyes>
{
    public void Configure(EntityTypeBuilder<FourEyes> table)
    {
        table.ToTable("four_eyes");
        table.HasKey(f => new { f.CaseId, f.Digest, f.Person });
        // Approvals point here with their part, so that one without its row, or of a requester, cannot be written.
        table.HasAlternateKey(f => new { f.CaseId, f.Digest, f.Person, f.Part });
        table.Property(f => f.Digest).HasMaxLength(64);
        table.Property(f => f.Person).HasMaxLength(80);
    }
}
