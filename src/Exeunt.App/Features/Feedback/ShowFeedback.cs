using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>One complaint or suggestion for staff: the words, whom it concerns (masked), its history. The look is recorded.</summary>
public sealed class ShowFeedback(AppDb db, FeedbackDesk desk, CaseNames names, StaffDirectory staff) : UseCase<ShowFeedback.Request, ShowFeedback.View>(db)
{
    public const int MaxLike = 50;

    public sealed record Request(Guid Id);

    /// <param name="Reach">How to answer, masked; null: no address, or erased.</param>
    /// <param name="Customer">Organisation in clear, a person masked.</param>
    /// <param name="Into">Number of the one it is answered with.</param>
    /// <param name="Joined">Those that are answered with this one; at most <see cref="MaxLike"/>.</param>
    /// <param name="Holders">To whom it can be given.</param>
    /// <param name="WhyNotMe">Why the caller may not answer it; null: they may.</param>
    public sealed record View(
        FeedbackItem Item, FeedbackTyped? Typed, string? Reach, bool ByPhone, string? Name, string? Unit, string? Holder, string? CaseNumber, string? Customer, Like? Into, IReadOnlyList<Like> Joined, DateOnly AnswerBy,
        bool Overdue, IReadOnlyList<FeedbackDesk.Line> History, IReadOnlyDictionary<string, string> People, IReadOnlyList<StaffDirectory.Holder> Holders, Refusal? WhyNotMe);

    public sealed record Like(Guid Id, string Number);

    public override Permission Needs => Permission.ViewFeedback;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        var index = await Db.FeedbackIndex.AsNoTracking().SingleAsync(i => i.FeedbackId == item.Id, ct);
        var contact = await desk.Contact(index, ct);
        var history = await desk.History(item, ct);
        var people = await staff.Names(history.SelectMany(l => new[] { l.By, l.About ?? "" }).Append(item.AssignedTo ?? ""), ct);
        var unit = item.UnitId is { } u ? await Db.Units.AsNoTracking().SingleAsync(x => x.Id == u, ct) : null;
        var customer = item.CustomerId is { } id ? (await names.Of([id], ct)).GetValueOrDefault(id)?.Name : null;
        var joined = await Db.Feedback.AsNoTracking().Where(f => f.JoinedInto == item.Id).OrderBy(f => f.Serial).Take(MaxLike).Select(f => new Like(f.Id, f.Number)).ToListAsync(ct);
        var into = item.JoinedInto is { } other ? await Db.Feedback.AsNoTracking().Where(f => f.Id == other).Select(f => new Like(f.Id, f.Number)).SingleAsync(ct) : null;
        var view = new View(
            item, await desk.Typed(index, ct), contact switch { { Mail: { } mail } => Mask.Mail(mail), { Phone: { } phone } => Mask.Phone(phone), _ => null }, contact?.Phone is not null,
            contact?.Name is { } name ? Mask.Name(name) : null, unit?.Name(call.Language), item.AssignedTo is { } holder ? people.GetValueOrDefault(holder) : null,
            item.CaseId is { } caseId ? await Db.Cases.AsNoTracking().Where(c => c.Id == caseId).Select(c => c.Number).SingleOrDefaultAsync(ct) : null, customer, into, joined, FeedbackDesk.AnswerBy(item),
            item.IsOpen && item.DueAt <= call.BusinessNow, history, people,
            call.Actor.Allows(Permission.AssignFeedback, unit?.Path ?? "") || (unit is null && call.Actor.Allows(Permission.AssignFeedback)) ? await staff.Holders(Permission.HandleFeedback, unit?.Path ?? "", ct) : [],
            item.CannotJudge(call.Actor.Id, await desk.Acted(item.CaseId, call.Actor.Id, ct)));
        Db.Audit(call, "feedback.viewed", FeedbackDesk.Target(item));
        // A read keeps no answer under an idempotency key: it holds personal data.
        await Db.SaveChangesAsync(ct);
        return view;
    }
}

/// <summary>Shows how to reach whoever wrote, in clear, once; the look is recorded.</summary>
public sealed class RevealFeedback(AppDb db, FeedbackDesk desk, HandOvers.FormerOwners former) : UseCase<RevealFeedback.Request, FeedbackContact>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.RevealPersonalData;

    protected override async Task<Outcome<FeedbackContact>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (item.CustomerId is { } customer && await former.WhyNot(customer, await desk.PathOf(item, ct), call.Actor, ct) is { } no)
            return no;
        var contact = await desk.Contact(await Db.FeedbackIndex.AsNoTracking().SingleAsync(i => i.FeedbackId == item.Id, ct), ct);
        Db.Audit(call, "feedback.revealed", FeedbackDesk.Target(item));
        await Db.SaveChangesAsync(ct);
        return contact ?? new FeedbackContact(null, null, null);
    }
}
