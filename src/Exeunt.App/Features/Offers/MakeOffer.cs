using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Rules;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offers;

/// <summary>Makes the one offer of a case. Its cost is computed from the contract; above a limit it is refused.</summary>
public sealed class MakeOffer(AppDb db, CaseDesk desk, CaseLetters letters, RuleBook rules) : UseCase<MakeOffer.Request, Guid>(db)
{
    /// <param name="Percent">Discount in percent, 1 to 50; only for a discount.</param>
    /// <param name="Months">1 to 12.</param>
    public sealed record Request(Guid CaseId, OfferKind Kind, int Percent, int Months);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Guid>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (request.Months is < 1 or > 12)
            return OfferRefusals.Months;
        if (request.Kind == OfferKind.Discount && request.Percent is < 1 or > 50)
            return OfferRefusals.Percent;
        if (!exit.IsClosed && exit.OfferForbiddenBy is { } law)
            return CaseRefusals.OfferForbidden(law, (await rules.RuleOf(exit, law, ct))?.Article ?? law);
        var id = Guid.CreateVersion7();
        if (exit.MakeOffer(id, request.Kind.ToString()) is { } no)
            return no;
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var offer = new Offer
        {
            Id = id, CaseId = exit.Id, Kind = request.Kind, Percent = request.Kind == OfferKind.Discount ? request.Percent : 0, Months = request.Months,
            Cost = CostOf(request.Kind, request.Percent, request.Months, contract.MonthlyFee), Currency = contract.Currency, MadeBy = call.Actor.Id, MadeAt = call.Now,
        };
        Db.Offers.Add(offer);
        desk.Stage(exit, call);
        await letters.Mail(exit, call, "mail.offer", [exit.Number, OfferWords.Of(offer, Texts.In(exit.Language))], [], ct);
        return await Commit(id, ct);
    }

    /// <summary>What we give up: the share of the fee, or the whole fee while it is paused or free; minor units, rounded half up.</summary>
    public static long CostOf(OfferKind kind, int percent, int months, long monthlyFee) =>
        kind switch
        {
            OfferKind.Discount => (monthlyFee * months * percent + 50) / 100,
            OfferKind.Pause or OfferKind.Extension or OfferKind.ServiceRecovery => monthlyFee * months,
            _ => 0,
        };
}

/// <summary>Records that no offer is made.</summary>
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
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>An offer in words.</summary>
public static class OfferWords
{
    public static string Of(Offer offer, Texts t) => Of(offer.Kind, offer.Months, offer.Percent, t);

    public static string Of(OfferKind kind, int months, int percent, Texts t) => t[$"offer.words.{kind}", months, percent];
}

public static class OfferRefusals
{
    public static readonly Refusal Months = new(RefusalKind.Invalid, "offer.months", "An offer holds for 1 to 12 months.", "优惠期限为 1 至 12 个月。", Field: "months");

    public static readonly Refusal Percent = new(RefusalKind.Invalid, "offer.percent",
        "A discount is 1 to 50 percent; more needs another decision than yours.", "折扣为 1% 至 50%；超出须另行审批。", Field: "percent");
}
