using Exeunt.Core.Procedures;

namespace Exeunt.Core.Cases;

/// <summary>Talk, offer, and the ending by agreement.</summary>
public sealed partial class ExitCase
{
    public Refusal? RecordTalk(string reason, string? detail, string channel, int minutes, Guid? textId, DateTimeOffset? startedAt = null)
    {
        if (Blocked() is { } no)
            return no;
        Raise(new TalkRecorded(reason, detail, channel, minutes, textId, startedAt));
        // The company's own case needs to know what the talk came to.
        if (Kind != CaseKind.Offboarding && _steps.FirstOrDefault(s => s.Kind == StepKind.Talk && s.State == StepState.Active) is { } step)
            Finish(step);
        Flow();
        return null;
    }

    /// <summary>What the talk of an offboarding came to; a misunderstanding and changed terms end the case.</summary>
    public Refusal? ConcludeTalk(TalkResult result, Guid? textId)
    {
        if (Blocked() is { } no)
            return no;
        if (Kind != CaseKind.Offboarding || _steps.FirstOrDefault(s => s.Kind == StepKind.Talk && s.State == StepState.Active) is not { } step)
            return CaseRefusals.StepNotActive;
        if (result == TalkResult.Improvement)
            return CaseRefusals.AgreementFirst;
        if (Reason is null)
            return CaseRefusals.TalkFirst;
        Raise(new TalkConcluded(result, textId));
        Finish(step, $"{result}");
        if (result is TalkResult.Cleared or TalkResult.ChangedTerms)
            Close(CaseOutcome.Saved);
        else
            Flow();
        return null;
    }

    public Refusal? MakeOffer(Guid offerId, string kind)
    {
        if (CannotMakeOffer() is { } no)
            return no;
        Raise(new OfferMade(offerId, kind));
        return null;
    }

    /// <summary>Why no offer can be made now; null when one can.</summary>
    public Refusal? CannotMakeOffer() =>
        Blocked() ?? (OfferAsked ? CaseRefusals.OfferAlreadyAsked : IsActive(StepKind.Offer) ? null : CaseRefusals.StepNotActive);

    /// <summary>Nobody answered the offer in time: the ending goes on.</summary>
    public Refusal? ExpireOffer()
    {
        if (Blocked() is { } no)
            return no;
        if (OpenOfferId is not { } offer || !IsActive(StepKind.Offer))
            return CaseRefusals.NoOpenOffer;
        Raise(new OfferExpired(offer));
        Finish(Find(StepKind.Offer)!, "expired");
        Flow();
        return null;
    }

    /// <summary>No offer is made (none fits, or the customer asked not to be asked).</summary>
    public Refusal? SkipOffer(string reason)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(StepKind.Offer) || OpenOfferId is not null)
            return CaseRefusals.StepNotActive;
        Raise(new StepSkipped(Find(StepKind.Offer)!.Id, reason));
        Flow();
        return null;
    }

    public Refusal? AnswerOffer(bool accept)
    {
        if (Blocked() is { } no)
            return no;
        // An offer nobody answered is over with the last service day: the contract has ended.
        if (OpenOfferId is not { } offer || !IsActive(StepKind.Offer))
            return CaseRefusals.NoOpenOffer;
        // What an offer promises may be money; that is held too.
        if (accept && HoldsMoney)
            return CaseRefusals.Held;
        Raise(new OfferAnswered(offer, accept));
        if (accept)
        {
            Close(CaseOutcome.Saved);
            return null;
        }
        Finish(Find(StepKind.Offer)!, "declined");
        Flow();
        return null;
    }

    /// <summary>Puts a numbered proposal for an ending by agreement on the table; it takes the place of the one before.</summary>
    public Refusal? Propose(Guid proposalId, bool byCustomer, string digest)
    {
        if (CannotPropose() is { } no)
            return no;
        var step = Find(StepKind.Negotiate)!;
        if (step.State == StepState.Waiting)
            Raise(new StepStarted(step.Id));
        Raise(new ProposalMade(proposalId, ProposalNumber + 1, byCustomer, digest));
        return null;
    }

    /// <summary>Why nobody can propose now; null when one can.</summary>
    public Refusal? CannotPropose()
    {
        if (Blocked() is { } no)
            return no;
        if (Find(StepKind.Negotiate) is not { } step)
            return CaseRefusals.NoNegotiation;
        if (step.HasEnded || StateFromSteps() is CaseState.Executing or CaseState.WindingUp)
            return CaseRefusals.NegotiationOver;
        return null;
    }

    /// <summary>One side confirms the proposal on the table as it was shown (<paramref name="seen"/> = its digest).</summary>
    /// <returns>A refusal, or null; <see cref="BothAgree"/> then says whether it can be signed.</returns>
    public Refusal? ConfirmProposal(bool byCustomer, string seen)
    {
        if (Blocked() is { } no)
            return no;
        if (ProposalId is not { } proposal || !IsActive(StepKind.Negotiate))
            return CaseRefusals.NoProposal;
        if (seen != ProposalDigest)
            return CaseRefusals.ProposalChanged;
        if (byCustomer ? AgreedByCustomer : AgreedByCompany)
            return CaseRefusals.ConfirmedAlready;
        Raise(new ProposalConfirmed(proposal, byCustomer, seen));
        return null;
    }

    public bool BothAgree => AgreedByCustomer && AgreedByCompany && ProposalId is not null && AgreementId is null;

    /// <summary>The proposal both confirmed becomes the agreement; it may move the last service day.</summary>
    public Refusal? SignAgreement(Guid? documentId, DateOnly effectiveOn)
    {
        if (Blocked() is { } no)
            return no;
        if (!BothAgree || !IsActive(StepKind.Negotiate))
            return CaseRefusals.NoProposal;
        Raise(new AgreementSigned(ProposalId!.Value, documentId, ProposalDigest!));
        Finish(Find(StepKind.Negotiate)!, $"{ProposalNumber}");
        if (effectiveOn != EffectiveOn)
            Raise(new EffectiveDateChanged(effectiveOn, "agreement"));
        Flow();
        return null;
    }

    /// <summary>No agreement by the date set.</summary>
    public Refusal? EndNegotiation(string reason)
    {
        if (Blocked() is { } no)
            return no;
        if (!IsActive(StepKind.Negotiate))
            return CaseRefusals.StepNotActive;
        Raise(new NegotiationEnded(reason));
        Raise(new StepSkipped(Find(StepKind.Negotiate)!.Id, reason));
        Flow();
        return null;
    }
}
