using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>
/// Makes the one offer of a case from an entry of the catalogue. Its conditions are checked, its cost and value computed; above the
/// entry's limit it waits for somebody else's approval, and until then the customer does not see it.
/// </summary>
public sealed class MakeOffer(AppDb db, CaseDesk desk, OfferBook book, OfferDesk offers, OfferSending sending, RuleBook rules) : UseCase<MakeOffer.Request, MakeOffer.Made>(db)
{
    /// <param name="Entry">Code of the catalogue.</param>
    /// <param name="Amount">"50.00" in the contract's currency, like <paramref name="Fee"/>; only what the entry asks for counts.</param>
    public sealed record Request(Guid CaseId, string? Entry, int? Percent = null, int? Months = null, string? Amount = null, string? Fee = null);

    /// <param name="Approver">Who has to approve it first; null: the customer is asked at once.</param>
    public sealed record Made(Guid OfferId, string Digest, Role? Approver);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!exit.IsClosed && exit.OfferForbiddenBy is { } law)
            return CaseRefusals.OfferForbidden(law, (await rules.RuleOf(exit, law, ct))?.Article ?? law);
        if (exit.CannotMakeOffer() is { } no)
            return no;
        if (await Db.Customers.AsNoTracking().AnyAsync(c => c.Id == exit.CustomerId && (c.RestrictedAt != null || c.ObjectedAt != null), ct))
            return OfferRefusals.Objected;
        if (await Db.Offers.AnyAsync(o => o.CaseId == exit.Id && o.Approval == OfferApproval.Waiting, ct))
            return OfferRefusals.WaitsForApproval;
        if (await book.Find(request.Entry ?? "", ct) is not { } row)
            return OfferRefusals.NoEntry;
        var entry = OfferEntry.FromJson(row.Document);
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var read = Parameters(entry, request, contract.Currency);
        if (read.Refusal is { } unreadable)
            return unreadable;
        var chosen = OfferCheck.Kept(entry, read.Value);
        if (OfferCheck.Of(entry, chosen, contract.Currency) is { } outside)
            return outside;
        var facts = await offers.Facts(exit, contract, call, ct);
        var numbers = OfferNumbers.Of(OfferDesk.InputsOf(entry, chosen, facts, await offers.Counted(ct)));
        IReadOnlyList<OfferCondition> conditions = [.. OfferEligibility.Of(entry, facts), OfferEligibility.Margin(entry, numbers)];
        if (conditions.Where(c => !c.Met).OrderBy(c => c.PossibleOn is not null).FirstOrDefault() is { } unmet)
            return unmet.Refusal;
        var answerBy = facts.Today.AddDays(entry.AnswerDays) is var by && by < exit.EffectiveOn!.Value ? by : exit.EffectiveOn.Value;
        if (answerBy < facts.Today)
            return CaseRefusals.StepNotActive;
        var approver = entry.ApproverFor(numbers.Cost);
        var offer = new Offer
        {
            Id = Guid.CreateVersion7(), CaseId = exit.Id, Kind = entry.Kind, Percent = chosen.Percent ?? 0, Months = chosen.Months ?? 0, Amount = chosen.Amount?.Minor, NewFee = chosen.Fee?.Minor,
            Cost = numbers.Cost.Minor, Value = numbers.Value.Minor, Currency = contract.Currency, Inputs = numbers.Inputs.ToJson(), Conditions = JsonSerializer.Serialize(conditions, Json.Plain),
            EntryCode = row.Code, EntryVersion = row.Version, Entry = row.Document, EntryDigest = row.Digest,
            WordsEnglish = OfferWords.Fill(entry.Customer.English, chosen), WordsChinese = OfferWords.Fill(entry.Customer.Chinese, chosen),
            Digest = Offer.DigestOf(exit.Id, row.Digest, chosen, numbers.Cost, answerBy), AnswerBy = answerBy, MadeBy = call.Actor.Id, MadeAt = call.Now,
            Approver = approver, Approval = approver is null ? OfferApproval.NotNeeded : OfferApproval.Waiting,
        };
        Db.Offers.Add(offer);
        Db.Audit(call, "offer.made", $"offer:{offer.Id:N}", new { offer.CaseId, offer.EntryCode, offer.EntryVersion, offer.Cost, offer.Currency, offer.Digest, approver });
        Db.Enqueue(Effect.At(Clocks.StartOf(answerBy.AddDays(1), exit.Zone!), OfferExpires.Kind, $"offer.expire|{offer.Id:N}", new OfferExpires.Payload(offer.Id), exit.Id));
        if (approver is null && await sending.Stage(exit, offer, call, ct) is { } unsent)
            return unsent;
        return await Commit(new Made(offer.Id, offer.Digest, approver), ct);
    }

    private static Outcome<OfferParameters> Parameters(OfferEntry entry, Request request, string currency)
    {
        try
        {
            return new OfferParameters(
                request.Percent, request.Months, entry.MaxAmount.Count > 0 && !string.IsNullOrWhiteSpace(request.Amount) ? TypedAmount.Read(request.Amount, currency, "amount") : null,
                entry.AsksFee && !string.IsNullOrWhiteSpace(request.Fee) ? TypedAmount.Read(request.Fee, currency, "fee") : null);
        }
        catch (CalculationException e)
        {
            return e.Beside(entry.AsksFee ? "fee" : "amount");
        }
    }
}

/// <summary>Puts an offer before the customer: the case's event and the mail.</summary>
public sealed class OfferSending(CaseDesk desk, CaseLetters letters)
{
    public async Task<Refusal?> Stage(ExitCase exit, Offer offer, Call call, CancellationToken ct)
    {
        // Whoever made the offer wrote what a later approval of the settlement rests on, whoever approved it.
        var maker = new ExitCase.Moment(CaseDesk.MomentOf(call).At, CaseDesk.MomentOf(call).BusinessAt, offer.MadeBy);
        if (exit.With(maker).MakeOffer(offer.Id, offer.Kind.ToString()) is { } no)
            return no;
        desk.Stage(exit, call);
        await letters.Mail(exit, call, "mail.offer", [exit.Number, OfferWords.Of(offer, Texts.In(exit.Language)), Texts.In(exit.Language).Date(offer.AnswerBy!.Value)], [], ct);
        return null;
    }
}

/// <summary>Effect "offer.expire": an offer nobody answered, or approved, in time is over, and the ending goes on.</summary>
public sealed class OfferExpires(AppDb db, CaseDesk desk) : IEffect
{
    public const string Kind = "offer.expire";

    public sealed record Payload(Guid OfferId);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var offer = await db.Offers.SingleAsync(o => o.Id == effect.Read<Payload>().OfferId, ct);
        if (offer.State is not (OfferState.Open or OfferState.Waiting))
            return EffectResult.Done;
        offer.Expire(call.Now);
        offer.Version++;
        db.Audit(call, "offer.expired", $"offer:{offer.Id:N}", new { offer.CaseId });
        var exit = (await desk.Find(offer.CaseId, call, ct))!;
        if (exit.ExpireOffer() is null)
            desk.Stage(exit, call);
        return EffectResult.Done;
    }
}

/// <summary>Records that no offer is made; one that waits for approval is taken back.</summary>
public sealed class SkipOffer(AppDb db, CaseDesk desk) : UseCase<SkipOffer.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.SkipOffer("none-fits") is { } no)
            return no;
        if (await Db.Offers.FirstOrDefaultAsync(o => o.CaseId == exit.Id && o.Approval == OfferApproval.Waiting, ct) is { } waiting)
        {
            waiting.Expire(call.Now);
            waiting.Version++;
            Db.Audit(call, "offer.taken-back", $"offer:{waiting.Id:N}", new { waiting.CaseId });
        }
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>An offer in words.</summary>
public static class OfferWords
{
    /// <summary>What the customer reads; offers from before there was a catalogue are told by their kind.</summary>
    public static string Of(Offer offer, Texts t) =>
        offer.WordsEnglish.Length > 0 ? t.Pick(offer.WordsEnglish, offer.WordsChinese) : t[$"offer.words.{offer.Kind}", offer.Months, offer.Percent];

    /// <summary>Puts the parameters into an entry's words.</summary>
    public static string Fill(string words, OfferParameters chosen) =>
        words.Replace("{percent}", $"{chosen.Percent}", StringComparison.Ordinal).Replace("{months}", $"{chosen.Months}", StringComparison.Ordinal)
            .Replace("{amount}", chosen.Amount is { } amount ? Ui.Amounts.Text(amount) : "", StringComparison.Ordinal)
            .Replace("{fee}", chosen.Fee is { } fee ? Ui.Amounts.Text(fee) : "", StringComparison.Ordinal);
}

public static class OfferRefusals
{
    public static readonly Refusal NoEntry = new(RefusalKind.Invalid, "offer.no-such-entry",
        "Choose an entry of the offer catalogue.", "请从挽留目录中选择。", Field: "entry");

    public static readonly Refusal Objected = new(RefusalKind.Conflict, "offer.objected",
        "The customer restricted the use of their data, or objected to marketing: no offer is made.", "客户已限制处理或拒绝营销，不得提出挽留方案。");

    public static readonly Refusal WaitsForApproval = new(RefusalKind.Conflict, "offer.waits-for-approval",
        "An offer of this case waits for its approval already.", "本案已有方案待审批。");

    public static readonly Refusal NothingToDecide = new(RefusalKind.Conflict, "offer.nothing-to-decide",
        "No offer of this case waits for an approval.", "本案没有待审批的方案。");

    public static readonly Refusal Own = new(RefusalKind.Forbidden, "offer.own",
        "You made this offer, so another person decides on it.", "该方案由您提出，须由他人审批。");

    public static readonly Refusal DigestChanged = new(RefusalKind.Conflict, "offer.approval-outdated",
        "The offer is not the one you saw. Look at it again; an approval binds exactly what you saw.", "方案与您所见不同。请重新查看；批准只对所见内容有效。");

    public static readonly Refusal BranchHead = new(RefusalKind.Forbidden, "offer.branch-head",
        "An offer of this cost is approved by the branch head.", "该成本的方案须由分公司负责人审批。");

    public static Refusal Over(DateOnly by) => new(RefusalKind.Conflict, "offer.over",
        $"This offer could be answered until {by:yyyy-MM-dd}. Your contract ends as planned.", $"该方案的答复期限为 {by:yyyy-MM-dd}，已过期。合同按计划结束。");
}
