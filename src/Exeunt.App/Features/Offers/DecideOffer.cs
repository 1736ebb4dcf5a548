using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

public enum OfferDecision
{
    Approve,

    /// <summary>Back to its maker with words: another one may be made.</summary>
    Return,
    Refuse,
}

/// <summary>
/// Decides on an offer above its entry's limit: the supervisor, or the branch head above the higher limit; never whoever made it. An
/// approval binds the digest that was seen, and puts the offer before the customer.
/// </summary>
public sealed class DecideOffer(AppDb db, CaseDesk desk, OfferSending sending, CaseTexts texts) : UseCase<DecideOffer.Request, Done>(db)
{
    public const int MaxWords = 2000;

    /// <param name="Digest">Of the offer that was looked at.</param>
    /// <param name="Words">Why it is returned or refused.</param>
    public sealed record Request(Guid CaseId, OfferDecision? Decision, string? Digest, string? Words = null);

    public override Permission Needs => Permission.ApproveOffers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var offer = await Db.Offers.FirstOrDefaultAsync(o => o.CaseId == exit.Id && o.Approval == OfferApproval.Waiting && o.ExpiredAt == null, ct);
        var unit = await Db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleOrDefaultAsync(ct);
        if (WhyNot(offer, call.Actor, unit ?? "") is { } no)
            return no;
        if (request.Decision is not { } decision || !Enum.IsDefined(decision))
            return CommonRefusals.Required("decision");
        if (request.Digest != offer!.Digest)
            return OfferRefusals.DigestChanged;
        if (decision != OfferDecision.Approve && string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        if (exit.CannotMakeOffer() is { } over)
            return over;
        offer.Approval = decision switch { OfferDecision.Approve => OfferApproval.Approved, OfferDecision.Return => OfferApproval.Returned, _ => OfferApproval.Refused };
        (offer.DecidedBy, offer.DecidedAt) = (call.Actor.Id, call.Now);
        offer.Version++;
        if (decision != OfferDecision.Approve)
            offer.DecisionTextId = await texts.Stage(exit, "offer", request.Words!.Trim(), ct);
        Db.Audit(call, "offer." + offer.Approval.ToString().ToLowerInvariant(), $"offer:{offer.Id:N}", new { offer.CaseId, offer.Digest });
        if (decision == OfferDecision.Approve)
        {
            if (call.Today(exit.Zone!) > offer.AnswerBy)
                return OfferRefusals.Over(offer.AnswerBy!.Value);
            if (await sending.Stage(exit, offer, call, ct) is { } unsent)
                return unsent;
        }
        return await Commit(Done.It, ct);
    }

    /// <summary>Why somebody cannot decide on an offer; null when they can.</summary>
    public static Refusal? WhyNot(Offer? offer, Actor by, string unitPath) =>
        offer is not { State: OfferState.Waiting } ? OfferRefusals.NothingToDecide
        : offer.MadeBy == by.Id ? OfferRefusals.Own
        : offer.Approver == Role.BranchHead && by.Kind == ActorKind.Staff && !by.Has(Role.BranchHead, unitPath) ? OfferRefusals.BranchHead
        : by.Kind == ActorKind.Staff && !by.Has(Role.Supervisor, unitPath) && !by.Has(Role.BranchHead, unitPath) ? CommonRefusals.NotAllowed(Permission.ApproveOffers)
        : null;
}
