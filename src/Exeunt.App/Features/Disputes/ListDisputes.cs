using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Disputes;

/// <summary>The disputes of a case with their deadlines, newest first.</summary>
public sealed class ListDisputes(AppDb db, CaseDesk desk, CaseTexts texts, StaffDirectory staff, Erasure.Locks locks) : UseCase<ListDisputes.Request, ListDisputes.View>(db)
{
    public sealed record Request(Guid CaseId);

    /// <param name="Contested">With its sign: + charges, - credits.</param>
    public sealed record Line(
        Guid Id, DisputeForum Forum, string? Words, IReadOnlyList<string> Lines, Money? Contested, string OpenedBy, DateTimeOffset OpenedAt, DisputeResult? Result, Money? Upheld,
        string? Ruling, string? ClosedBy, DateTimeOffset? ClosedAt, bool OpenedByMe, IReadOnlyList<Deadline> Deadlines);

    public sealed record Deadline(Guid Id, DeadlineKind Kind, DateOnly DueOn, string? DoneBy, DateTimeOffset? DoneAt);

    public sealed record View(IReadOnlyList<Line> Disputes, bool MayHandle, bool CanOpen)
    {
        /// <summary>Why the customer's data is locked; null: it is not.</summary>
        public Refusal? Locked { get; init; }

        /// <summary>Whether the file of a customer whose data is locked can be exported, for a reason.</summary>
        public bool MayExportLocked { get; init; }
    }

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var disputes = await Db.Set<Dispute>().AsNoTracking().Where(d => d.CaseId == exit.Id).OrderByDescending(d => d.OpenedAt).ThenBy(d => d.Id).Take(100).ToListAsync(ct);
        var deadlines = disputes.Count == 0 ? [] : await Db.Set<DisputeDeadline>().AsNoTracking().Where(d => d.CaseId == exit.Id).OrderBy(d => d.DueOn).ThenBy(d => d.Id).Take(500).ToListAsync(ct);
        var words = disputes.Count == 0 ? [] : await texts.Shown(exit, call, ct);
        var names = await staff.Names(disputes.SelectMany(d => new[] { d.OpenedBy, d.ClosedBy ?? "" }).Concat(deadlines.Select(d => d.DoneBy ?? "")), ct);
        string? Name(string? by) => by is null ? null : names.GetValueOrDefault(by) ?? "—";
        var may = call.Actor.Allows(Permission.HandleDisputes)
            && (exit.UnitId is not { } unit || call.Actor.Allows(Permission.HandleDisputes, await Db.Units.AsNoTracking().Where(u => u.Id == unit).Select(u => u.Path).SingleAsync(ct)));
        var locked = await locks.Of(exit.CustomerId, ct);
        return new View(
            [.. disputes.Select(d => new Line(
                d.Id, d.Forum, words.GetValueOrDefault(d.TextId), [.. d.Lines.Split(',', StringSplitOptions.RemoveEmptyEntries)], d.Currency is { } c ? new Money(d.Contested, c) : null, Name(d.OpenedBy)!,
                d.OpenedAt, d.Result, d.Upheld is { } upheld && d.Currency is { } k ? new Money(upheld, k) : null, d.RulingId is { } ruling ? words.GetValueOrDefault(ruling) : null, Name(d.ClosedBy), d.ClosedAt,
                d.OpenedBy == call.Actor.Id, [.. deadlines.Where(x => x.DisputeId == d.Id).Select(x => new Deadline(x.Id, x.Kind, x.DueOn, Name(x.DoneBy), x.DoneAt))]))],
            may, may && !exit.IsClosed && exit.HasCustomer)
        {
            Locked = locked?.Refusal, MayExportLocked = may && locked is not null && await desk.Find(exit.Id, call, Permission.OpenLockedData, ct) is not null,
        };
    }
}
