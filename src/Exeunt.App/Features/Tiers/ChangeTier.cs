using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Tiers;

/// <summary>Moves a customer to another tier. A move up is made at once; a move down is proposed, with reason codes, and made by a second person.</summary>
public sealed class ChangeTier(AppDb db, TierDesk desk) : UseCase<ChangeTier.Request, ChangeTier.Changed>(db)
{
    public const int MaxWords = 1_000;
    public const int MaxCodes = 4;

    /// <param name="Codes">For a move to high risk: one to four reason codes.</param>
    /// <param name="Words">Own grounds, for whoever decides or looks later.</param>
    public sealed record Request(long CustomerId, CustomerTier? To, IReadOnlyList<string>? Codes, string? Words);

    /// <param name="IsMade">False: it waits for a second person.</param>
    public sealed record Changed(Guid Id, bool IsMade);

    public override Permission Needs => Permission.ProposeTiers;

    protected override int Tries => 5;

    protected override async Task<Outcome<Changed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Customer(request.CustomerId, call, Needs, ct) is not { } customer)
            return CommonRefusals.NotFound;
        if (request.To is not { } to || !Enum.IsDefined(to))
            return CommonRefusals.Required("to");
        var proposed = await desk.Propose(customer, to, request.Codes ?? [], request.Words, call, ct);
        return proposed.Refusal is { } no ? no : await Commit(new Changed(proposed.Value.Id, !proposed.Value.IsDown), ct);
    }
}

/// <summary>The second person's word about a move down.</summary>
public sealed class DecideTier(AppDb db, TierDesk desk, Standards.ListingDesk listings) : UseCase<DecideTier.Request, Done>(db)
{
    public sealed record Request(Guid Id, bool? IsAccepted);

    public override Permission Needs => Permission.DecideTiers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.TierChanges.SingleOrDefaultAsync(c => c.Id == request.Id, ct) is not { } change || await desk.Customer(change.CustomerId, call, Needs, ct) is not { } customer)
            return CommonRefusals.NotFound;
        if (change.State != TierChangeState.Waiting)
            return TierRefusals.Decided;
        if (change.ProposedBy == call.Actor.Id)
            return TierRefusals.Own;
        if (request.IsAccepted is not { } isAccepted)
            return CommonRefusals.Required("isAccepted");
        if (isAccepted && customer.Tier != change.From)
            return TierRefusals.Moved;
        if (isAccepted && TierDesk.IsOut(customer))
            return TierRefusals.NotJudged;
        (change.DecidedBy, change.DecidedOn) = (call.Actor.Id, call.Today(Clocks.CompanyZone));
        change.Version++;
        if (isAccepted)
        {
            await desk.Make(change, customer, call, ct);
            await listings.Moved(customer.Id, change.To, call, ct);
        }
        else
        {
            change.State = TierChangeState.Refused;
            Db.Audit(call, "tier.refused", $"customer:{customer.Id}", new { change.Id });
        }
        return await Commit(Done.It, ct);
    }
}

/// <summary>What changes of tiers share: whose customers they are, and what follows when one is made.</summary>
public sealed class TierDesk(AppDb db, Vault vault, Mail.Post post, HostOptions options)
{
    /// <summary>Months after which a tier other than the normal one is looked at again.</summary>
    public const int ReviewMonths = 12;

    /// <summary>Whether nobody may be judged by this customer's data: erased, restricted, or objected to.</summary>
    public static bool IsOut(Customer customer) => customer is not { ErasedAt: null, RestrictedAt: null, ObjectedAt: null };

    /// <summary>The customer, when they are the caller's under a permission.</summary>
    public async Task<Customer?> Customer(long id, Call call, Permission needs, CancellationToken ct) =>
        await db.Customers.SingleOrDefaultAsync(c => c.Id == id, ct) is { } customer && (await VisibleUnits.Of(db, call.Actor, needs, ct)).Holds(customer.UnitId) ? customer : null;

    /// <summary>Stages a move with its grounds: one up is made, one down waits for a second person.</summary>
    /// <param name="codes">For a move to high risk: one to four reason codes.</param>
    /// <param name="words">Own grounds.</param>
    public async Task<Outcome<TierChange>> Propose(Customer customer, CustomerTier to, IReadOnlyList<string> codes, string? words, Call call, CancellationToken ct)
    {
        // The same tier again is a review: it stays, and is looked at a year later.
        if (to == customer.Tier && to == CustomerTier.Normal)
            return TierRefusals.Same;
        if (CommonRefusals.Unfit("words", words, ChangeTier.MaxWords, out var unfit))
            return unfit;
        var known = codes.Distinct().Order(StringComparer.Ordinal).ToList();
        if (known.Count > ChangeTier.MaxCodes || !known.All(DecisionPaper.ReasonCodes.ContainsKey) || (known.Count == 0 && to == CustomerTier.HighRisk && to != customer.Tier))
            return TierRefusals.Codes;
        if (IsOut(customer))
            return TierRefusals.NotJudged;
        if (await db.TierChanges.AnyAsync(c => c.CustomerId == customer.Id && c.State == TierChangeState.Waiting, ct))
            return TierRefusals.AlreadyProposed;
        var change = new TierChange
        {
            Id = Guid.CreateVersion7(call.Now), Serial = 1 + (await db.TierChanges.MaxAsync(c => (long?)c.Serial, ct) ?? 0), CustomerId = customer.Id, From = customer.Tier, To = to,
            Codes = TierChange.IsMoveDown(customer.Tier, to) ? string.Join(',', known) : "", TextId = await Text(customer, words.Trim(), ct), ProposedBy = call.Actor.Id, ProposedOn = call.Today(Clocks.CompanyZone),
        };
        db.TierChanges.Add(change);
        if (change.IsDown)
            db.Audit(call, "tier.proposed", $"customer:{customer.Id}", new { change.Id, change.From, change.To, codes = known });
        else
            await Make(change, customer, call, ct);
        return change;
    }

    private async Task<Guid> Text(Customer customer, string words, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        db.Texts.Add(new Cases.PersonalText
        {
            Id = id, Subject = customer.Id, Class = DataClass.Profile, Kind = "tier",
            Data = await vault.Seal(customer.Id, DataClass.Profile, Cases.PersonalText.Place, id.ToString("N"), words, ct),
        });
        return id;
    }

    /// <summary>Stages the move: the tier, its next review, and a mail to the customer whose terms become harder.</summary>
    public async Task Make(TierChange change, Customer customer, Call call, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        change.State = TierChangeState.Done;
        change.DecidedOn ??= today;
        change.DecidedBy ??= call.Actor.Id;
        change.ReviewOn = change.To == CustomerTier.Normal ? null : today.AddMonths(ReviewMonths);
        customer.Tier = change.To;
        customer.Version++;
        db.Audit(call, "tier.changed", $"customer:{customer.Id}", new { change.Id, change.From, change.To, change.Codes });
        if (!change.IsDown)
            return;
        var contact = customer.RestrictedAt is null ? await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct) : null;
        change.IsTold = contact?.Mail is not null;
        if (contact?.Mail is not { } mail)
            return;
        var t = Texts.In(customer.Language);
        var reasons = change.Codes.Length == 0 ? t["mail.tier.no-codes"] : string.Join('\n', change.Codes.Split(',').Select(c => "- " + DecisionPaper.ReasonCodes[c].In(customer.Language)));
        await post.Stage(call, null, customer.Id, DataClass.Contact,
            new Mail.MailContent(mail, t["mail.tier.subject"], t["mail.tier.body", t.Of("customer.tier", change.To), t.Date(today), reasons, $"{options.Url}/"], []), ct);
    }
}

public static class TierRefusals
{
    public static readonly Refusal Same = new(RefusalKind.Conflict, "tier.same", "The customer is in this tier already.", "客户已处于该等级。", Field: "to");

    public static readonly Refusal Codes = new(RefusalKind.Invalid, "tier.codes",
        $"Choose one to {ChangeTier.MaxCodes} reasons of the list: the customer is told them.", $"请从列表中选择一至 {ChangeTier.MaxCodes} 项理由，将告知客户。", Field: "codes");

    public static readonly Refusal NotJudged = new(RefusalKind.Conflict, "tier.not-judged",
        "The customer's data is erased or restricted, or the customer objected: nobody is judged by it.", "该客户的数据已删除、被限制处理或客户已拒绝评估，不得据此评级。");

    public static readonly Refusal AlreadyProposed = new(RefusalKind.Conflict, "tier.already-proposed",
        "A move of this customer waits for a decision already.", "该客户已有待决定的等级调整。");

    public static readonly Refusal Decided = new(RefusalKind.Conflict, "tier.decided", "This move is decided already.", "该调整已有决定。");

    public static readonly Refusal Own = new(RefusalKind.Forbidden, "tier.own-proposal", "Somebody else must decide what you proposed.", "您提出的调整须由他人决定。");

    public static readonly Refusal Moved = new(RefusalKind.Conflict, "tier.moved",
        "The customer is in another tier meanwhile. Refuse this move and propose a new one.", "客户等级已变动。请拒绝本次调整后重新提出。");
}
