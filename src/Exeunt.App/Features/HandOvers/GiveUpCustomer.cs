using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>What is asked for when a customer is to be given up.</summary>
/// <param name="Grounds">Why, for us.</param>
/// <param name="LetterReason">What the letter gives as the reason; null: the standard sentence of the reason in the customer's language. Needed for "other".</param>
/// <param name="Contact">Where the customer turns to: name, address, hours; stands in the letter as it is.</param>
/// <param name="From">First day; null: today.</param>
public sealed record GivingUpWish(
    long CustomerId, GivingUpReason? Reason, string? Grounds, Alternative? Alternative, string? Contact, Guid? Successor = null, string? LetterReason = null, DateOnly? From = null);

/// <summary>Checks a wish to give a customer up, and writes what the letter will say.</summary>
public sealed class GivingUpDesk(AppDb db, HandOverDesk desk, HandOverLetters letters)
{
    /// <summary>The two things of the letter that people write; sealed together.</summary>
    public sealed record LetterParts(string Reason, string Contact);

    public sealed record Checked(Customer Customer, string Path, GivingUpReason Reason, string Grounds, Alternative Alternative, LetterParts Parts, Guid? Successor, DateOnly From)
    {
        /// <summary>What an approval binds.</summary>
        public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f',
            Customer.Id, Reason, Grounds, Alternative, Parts.Reason, Parts.Contact, Successor, From.ToString("O", CultureInfo.InvariantCulture), HandOverLetter.GivenUp.Version))));
    }

    public async Task<Outcome<Checked>> Check(GivingUpWish wish, Call call, CancellationToken ct)
    {
        if (await desk.Find(wish.CustomerId, call, Permission.HandOverCustomers, ct) is not { } found)
            return CommonRefusals.NotFound;
        var (customer, path) = found;
        if (wish.Reason is not { } reason || !Enum.IsDefined(reason))
            return CommonRefusals.Required("reason");
        if (CommonRefusals.Unfit("grounds", wish.Grounds, GivingUp.MaxGrounds, out var unfit))
            return unfit;
        if (wish.Alternative is not { } alternative || !Enum.IsDefined(alternative))
            return CommonRefusals.Required("alternative");
        if (CommonRefusals.Unfit("contact", wish.Contact, GivingUp.MaxContact, out unfit))
            return unfit;
        var own = string.IsNullOrWhiteSpace(wish.LetterReason) ? null : wish.LetterReason.Trim();
        if (reason == GivingUpReason.Other && own is null)
            return CommonRefusals.Required("letterReason");
        if (own is { Length: > GivingUp.MaxContact })
            return CommonRefusals.TooLong("letterReason", GivingUp.MaxContact);
        var successor = wish.Successor == Guid.Empty ? null : wish.Successor;
        if (successor is null == (alternative == Alternative.Colleague))
            return HandOverRefusals.NotWithSuccessor;
        var today = call.Today(Clocks.CompanyZone);
        var from = wish.From ?? today;
        if (from < today || from > today.AddDays(HandOverCustomer.MaxDaysAhead))
            return HandOverRefusals.From;
        if (customer.GivenUpOn is not null)
            return HandOverRefusals.GivenUpAlready;
        if (successor is { } to)
        {
            if (to == customer.OwnerId)
                return HandOverRefusals.SameOwner with { Field = "successor" };
            if (await desk.CannotOwn(to, path, ct) is { } no)
                return no with { Field = "successor" };
        }
        if (await OpenCases.Check(db, customer, successor is not null, today, ct) is [var forbidden, ..])
            return forbidden;
        if (await db.OwnerChanges.AsNoTracking().AnyAsync(c => c.CustomerId == customer.Id && c.State == OwnerChangeState.Planned, ct))
            return HandOverRefusals.PlannedAlready;
        if (await db.GivingUps.AsNoTracking().AnyAsync(g => g.CustomerId == customer.Id && (g.State == GivingUpState.Asked || g.State == GivingUpState.Approved), ct))
            return HandOverRefusals.GivingUpOpen;
        return new Checked(customer, path, reason, wish.Grounds.Trim(), alternative, new(own ?? Texts.In(customer.Language).Of("giving-up.letter", reason), wish.Contact.Trim()), successor, from);
    }

    /// <summary>The letter as it would go out, the name masked.</summary>
    public async Task<HandOverLetters.Written> Letter(Checked wish, CancellationToken ct) =>
        await letters.Write(HandOverLetter.GivenUp, wish.Customer, wish.Customer.OwnerId, wish.Successor, wish.From, ct, Texts.In(wish.Customer.Language).Of("giving-up.instead", wish.Alternative), wish.Parts, masked: true);

    /// <summary>Carries out what is approved, or plans it for its day; the caller saves.</summary>
    public async Task<Refusal?> CarryOut(GivingUp giving, Customer customer, string path, Call call, CancellationToken ct)
    {
        var today = call.Today(Clocks.CompanyZone);
        if (giving.FromOn > today)
        {
            giving.State = GivingUpState.Approved;
            db.Enqueue(Effect.At(Clocks.StartOf(giving.FromOn, Clocks.CompanyZone), GivingUpDue.Kind, $"giving-up|{giving.Id:N}", new GivingUpDue.Which(giving.Id)));
            return null;
        }
        if (customer.GivenUpOn is not null)
            return HandOverRefusals.GivenUpAlready;
        if (giving.Successor is { } to && await desk.CannotOwn(to, path, ct) is { } no)
            return no;
        if (await OpenCases.Check(db, customer, giving.Successor is not null, today, ct) is [var forbidden, ..])
            return forbidden;
        var change = new OwnerChange
        {
            Id = Guid.CreateVersion7(call.Now), CustomerId = customer.Id, FromOwner = customer.OwnerId, ToOwner = giving.Successor, FromOn = giving.FromOn, Reason = HandOverReason.GivenUp,
            DecidedBy = giving.DecidedBy ?? giving.AskedBy, DecidedAt = call.Now, GivingUpId = giving.Id,
        };
        db.OwnerChanges.Add(change);
        await desk.Move([(customer, change)], call, ct);
        (giving.State, giving.DoneAt) = (GivingUpState.Done, call.Now);
        db.Enqueue(Effect.Now(SendHandOverLetter.Kind, $"letter|{giving.Id:N}", call, new SendHandOverLetter.Which(giving.Id, null, 0, change.FromOwner)));
        HandOverDue.Tell(desk, change, call);
        return null;
    }

    internal static async Task<LetterParts?> PartsOf(HandOverDesk desk, GivingUp giving, CancellationToken ct) =>
        (await desk.Texts([giving.LetterTextId], ct)).GetValueOrDefault(giving.LetterTextId) is { } json ? JsonSerializer.Deserialize<LetterParts>(json, Json.Plain) : null;
}

/// <summary>Shows the letter and what forbids it, before anything is asked for.</summary>
public sealed class PreviewGivingUp(AppDb db, GivingUpDesk desk) : UseCase<GivingUpWish, PreviewGivingUp.View>(db)
{
    /// <param name="Language">Of the letter: the customer's.</param>
    /// <param name="Posted">There is no mail address: the letter is to be posted.</param>
    public sealed record View(string Language, string Subject, IReadOnlyList<string> Paragraphs, bool Posted, bool NeedsApproval, int LetterVersion, string Digest);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, GivingUpWish request, CancellationToken ct)
    {
        var wish = await desk.Check(request, call, ct);
        if (wish.Refusal is { } no)
            return no;
        var letter = await desk.Letter(wish.Value, ct);
        Db.Audit(call, "giving-up.previewed", $"customer:{wish.Value.Customer.Id}");
        // A look, not a change: no answer is kept under an idempotency key.
        await Db.SaveChangesAsync(ct);
        return new View(wish.Value.Customer.Language, letter.Subject, letter.Paragraphs, letter.Mail is null, wish.Value.Successor is null, HandOverLetter.GivenUp.Version, wish.Value.Digest);
    }
}

/// <summary>Gives a customer up (取消客户的业务管理): with a named successor at once, else asks somebody else for approval.</summary>
public sealed class GiveUpCustomer(AppDb db, GivingUpDesk giving, HandOverDesk desk) : UseCase<GivingUpWish, GiveUpCustomer.Result>(db)
{
    public sealed record Result(Guid Id, GivingUpState State, string Digest);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Result>> Handle(Call call, GivingUpWish request, CancellationToken ct)
    {
        var outcome = await giving.Check(request, call, ct);
        if (outcome.Refusal is { } no)
            return no;
        var wish = outcome.Value;
        var id = Guid.CreateVersion7(call.Now);
        var row = new GivingUp
        {
            Id = id, CustomerId = wish.Customer.Id, Reason = wish.Reason, Alternative = wish.Alternative, Successor = wish.Successor, FromOn = wish.From, Digest = wish.Digest,
            GroundsId = (await desk.StageText(wish.Customer.Id, DataClass.Case, "giving-up", wish.Grounds, ct))!.Value,
            LetterTextId = (await desk.StageText(wish.Customer.Id, DataClass.Case, "giving-up", JsonSerializer.Serialize(wish.Parts, Json.Plain), ct))!.Value,
            AskedBy = call.Actor.Id, AskedAt = call.Now, Letter = HandOverLetter.GivenUp.Code, LetterVersion = HandOverLetter.GivenUp.Version,
        };
        Db.GivingUps.Add(row);
        Db.FourEyes.Add(new FourEyes { CaseId = id, Digest = row.Digest, Person = call.Actor.Id, Part = FourEyesPart.Requester, At = call.Now });
        Db.Audit(call, "giving-up.asked", $"customer:{row.CustomerId}", new { row.Id, row.Reason, row.Alternative, row.Successor, row.FromOn, row.Digest });
        if (row.Successor is not null && await giving.CarryOut(row, wish.Customer, wish.Path, call, ct) is { } forbidden)
            return forbidden;
        return await Commit(new Result(id, row.State, row.Digest), ct);
    }
}

/// <summary>Approves or returns the giving up of a customer: somebody else than who asked, with authority over the unit, for exactly what was shown.</summary>
public sealed class DecideGivingUp(AppDb db, GivingUpDesk giving, HandOverDesk desk) : UseCase<DecideGivingUp.Request, Done>(db)
{
    public const int MaxWords = 1000;

    /// <param name="Words">Needed to send it back.</param>
    public sealed record Request(Guid Id, bool? Approved, string? Digest, string? Words = null);

    public override Permission Needs => Permission.ApproveGivingUp;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.GivingUps.SingleOrDefaultAsync(g => g.Id == request.Id, ct) is not { } row || await desk.Find(row.CustomerId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        if (row.State != GivingUpState.Asked)
            return HandOverRefusals.NotAsked;
        if (row.AskedBy == call.Actor.Id)
            return HandOverRefusals.OwnRequest;
        if (request.Approved is not { } approved)
            return CommonRefusals.Required("approved");
        if ((!approved || request.Words is { Length: > 0 }) && CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (request.Digest != row.Digest)
            return HandOverRefusals.ChangedSince;
        // The letter names the day: once it is over, another letter is shown first.
        if (approved && row.FromOn < call.Today(Clocks.CompanyZone))
            return HandOverRefusals.From;
        (row.DecidedBy, row.DecidedAt, row.Version) = (call.Actor.Id, call.Now, row.Version + 1);
        row.DecisionId = await desk.StageText(row.CustomerId, DataClass.Case, "giving-up", request.Words, ct);
        if (!approved)
            row.State = GivingUpState.Returned;
        else
        {
            // The key of these rows lets nobody be both, whatever the code above does.
            Db.FourEyes.Add(new FourEyes { CaseId = row.Id, Digest = row.Digest, Person = call.Actor.Id, Part = FourEyesPart.Approver, At = call.Now });
            if (await giving.CarryOut(row, found.Customer, found.Path, call, ct) is { } forbidden)
                return forbidden;
        }
        Db.Audit(call, approved ? "giving-up.approved" : "giving-up.returned", $"customer:{row.CustomerId}", new { row.Id, row.Digest });
        desk.Tell(StaffDirectory.GuidOf(row.AskedBy), NotificationKind.CustomerDecided, $"{row.CustomerId}", $"/giving-up/{row.Id}", $"{row.Id:N}|{row.Version}", call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Takes back a wish to give a customer up, before its day.</summary>
public sealed class WithdrawGivingUp(AppDb db, HandOverDesk desk) : UseCase<WithdrawGivingUp.Request, Done>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.GivingUps.SingleOrDefaultAsync(g => g.Id == request.Id, ct) is not { } row || await desk.Find(row.CustomerId, call, Needs, ct) is null)
            return CommonRefusals.NotFound;
        if (row.State is not (GivingUpState.Asked or GivingUpState.Approved))
            return HandOverRefusals.NotAsked;
        (row.State, row.Version) = (GivingUpState.Withdrawn, row.Version + 1);
        Db.Audit(call, "giving-up.withdrawn", $"customer:{row.CustomerId}", new { row.Id });
        return await Commit(Done.It, ct);
    }
}

/// <summary>Effect "giving-up.due": the day has come. What forbids it by now is recorded, and told to whoever asked.</summary>
public sealed class GivingUpDue(AppDb db, GivingUpDesk giving, HandOverDesk desk) : IEffect
{
    public const string Kind = "giving-up.due";

    public sealed record Which(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var id = effect.Read<Which>().Id;
        var row = await db.GivingUps.SingleAsync(g => g.Id == id, ct);
        if (row.State != GivingUpState.Approved)
            return EffectResult.Done;
        var (customer, path) = (await desk.Find(row.CustomerId, call, Permission.System, ct))!.Value;
        row.Version++;
        if (await giving.CarryOut(row, customer, path, call with { Actor = new Actor(ActorKind.Staff, row.DecidedBy ?? row.AskedBy, []) }, ct) is { } no)
        {
            (row.State, row.Code) = (GivingUpState.Refused, no.Code);
            db.Audit(call, "giving-up.refused", $"customer:{row.CustomerId}", new { row.Id, no.Code });
            desk.Tell(StaffDirectory.GuidOf(row.AskedBy), NotificationKind.CustomerDecided, $"{row.CustomerId}", $"/giving-up/{row.Id}", $"{row.Id:N}|due", call);
        }
        return EffectResult.Done;
    }
}

/// <summary>One giving up, with its grounds and letter, for those who ask and approve.</summary>
public sealed class ShowGivingUp(AppDb db, HandOverDesk desk, HandOverLetters letters, StaffDirectory staff) : UseCase<ShowGivingUp.Request, ShowGivingUp.View>(db)
{
    public sealed record Request(Guid Id);

    /// <param name="Subject">Of the letter, as it will go out or went out; null once erased.</param>
    /// <param name="CannotDecide">Why whoever looks cannot decide it; null: they can, or it is decided.</param>
    /// <param name="MailedAt">When the letter left by mail; null: not yet, or there is no address.</param>
    public sealed record View(
        Guid Id, long CustomerId, string Name, GivingUpReason Reason, Alternative Alternative, string? Successor, DateOnly FromOn, GivingUpState State, string? Grounds, string Language, string? Subject,
        IReadOnlyList<string> Paragraphs, bool HasAddress, string AskedBy, DateTimeOffset AskedAt, string? DecidedBy, DateTimeOffset? DecidedAt, string? Decision, string Digest, int LetterVersion, Guid? DocumentId, DateTimeOffset? MailedAt,
        string? Code, bool MayDecide, Refusal? CannotDecide, bool MayWithdraw);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.GivingUps.AsNoTracking().SingleOrDefaultAsync(g => g.Id == request.Id, ct) is not { } row || await desk.Find(row.CustomerId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var customer = found.Customer;
        var words = await desk.Texts([row.GroundsId, row.DecisionId], ct);
        var names = await staff.Names(new[] { row.AskedBy, row.DecidedBy ?? "", row.Successor is { } s ? StaffDirectory.IdOf(s) : "" }, ct);
        var previous = await Db.OwnerChanges.AsNoTracking().Where(c => c.GivingUpId == row.Id).Select(c => c.FromOwner).FirstOrDefaultAsync(ct) ?? customer.OwnerId;
        var letter = await GivingUpDesk.PartsOf(desk, row, ct) is { } parts
            ? await letters.Write(HandOverLetter.GivenUp, customer, previous, row.Successor, row.FromOn, ct, Texts.In(customer.Language).Of("giving-up.instead", row.Alternative), parts, masked: true) : null;
        var mailed = row.MailId is { } mail ? await Db.Mails.AsNoTracking().Where(m => m.Id == mail).Select(m => m.SentAt).SingleOrDefaultAsync(ct) : null;
        var asked = row.State == GivingUpState.Asked;
        var mayDecide = asked && call.Actor.Allows(Permission.ApproveGivingUp, found.Path) && row.AskedBy != call.Actor.Id;
        var view = new View(
            row.Id, row.CustomerId, (await desk.Names([customer], ct))[customer.Id], row.Reason, row.Alternative, row.Successor is { } to ? names.GetValueOrDefault(StaffDirectory.IdOf(to)) : null, row.FromOn, row.State,
            words.GetValueOrDefault(row.GroundsId), customer.Language, letter?.Subject, letter?.Paragraphs ?? [], letter?.Mail is not null, names.GetValueOrDefault(row.AskedBy) ?? "—", row.AskedAt,
            row.DecidedBy is { } by ? names.GetValueOrDefault(by) ?? "—" : null, row.DecidedAt, row.DecisionId is { } d ? words.GetValueOrDefault(d) : null, row.Digest, row.LetterVersion, row.DocumentId, mailed, row.Code,
            mayDecide, asked && !mayDecide ? row.AskedBy == call.Actor.Id ? HandOverRefusals.OwnRequest : CommonRefusals.NotAllowed(Permission.ApproveGivingUp) : null, row.State is GivingUpState.Asked or GivingUpState.Approved);
        Db.Audit(call, "giving-up.viewed", $"customer:{customer.Id}", new { row.Id });
        await Db.SaveChangesAsync(ct);
        return view;
    }
}
