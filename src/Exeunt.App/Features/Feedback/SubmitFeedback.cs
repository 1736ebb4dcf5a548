using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>
/// Takes a complaint or suggestion: number, server time and a secret link at once. Nothing typed is looked up, so nothing shows whether it
/// exists; the receipt goes to the typed address only and holds only what was typed.
/// </summary>
public sealed class SubmitFeedback(AppDb db, Vault vault, FeedbackDesk desk, FeedbackDrafts drafts, NumberTokens numbers) : UseCase<SubmitFeedback.Request, SubmitFeedback.Receipt>(db)
{
    /// <summary>Receipts that one address gets in a day; what is handed in beyond is taken without a mail.</summary>
    public const int MailsADay = 5;

    /// <param name="Draft">Token of a portal draft; otherwise <paramref name="Typed"/> is given (API).</param>
    public sealed record Request(string? Draft, HandIn? Typed = null, Channel Channel = Channel.Portal);

    /// <param name="Token">The link's secret: shown once, stored as a hash.</param>
    /// <param name="AnswerBy">Last day on which it is answered.</param>
    public sealed record Receipt(Guid Id, string Number, DateTimeOffset ReceivedAt, string Token, string Link, DateOnly AnswerBy);

    /// <summary>Under this idempotency key a draft is sent once: a second click is answered with the first one's receipt.</summary>
    public static string KeyOf(string draft) => $"feedback:{Convert.ToHexStringLower(FeedbackDrafts.HashOf(draft))}";

    public override Permission Needs => Permission.Public;

    /// <summary>Two at the same moment want the same number: the second takes the next.</summary>
    protected override int Tries => 20;

    protected override async Task<Outcome<Receipt>> Handle(Call call, Request request, CancellationToken ct)
    {
        Draft? row = null;
        HandIn typed;
        if (request.Draft is { } token)
        {
            if (await drafts.Find(token, call.Now, ct) is not var (found, written))
                return FillFeedback.Gone;
            (row, typed) = (found, written);
        }
        else
            // Only a draft begun from an open case proves one.
            typed = (request.Typed ?? new()) with { CaseId = null };
        if (typed.Check() is { } no)
            return no;
        var secret = Secrets.Token();
        var item = await Stage(call, typed, request.Channel, throughAuthority: false, Secrets.Hash(secret), ct);
        if (typed.CaseId is { } caseId)
        {
            var exit = await Db.Cases.AsNoTracking().SingleAsync(c => c.Id == caseId, ct);
            item.ComesFrom(exit.Id, exit.CustomerId, exit.UnitId);
        }
        if (row is not null)
            Db.Drafts.Remove(row);
        var link = desk.Address(secret);
        if (await MayMail(typed, call, ct))
            await desk.Mail(item, call, "feedback.mail.receipt", [item.Number, Stamp(item.ReceivedAt), Texts.In(call.Language).Date(FeedbackDesk.AnswerBy(item)), link], ct);
        return await Commit(new Receipt(item.Id, item.Number, item.ReceivedAt, secret, link, FeedbackDesk.AnswerBy(item)), ct);
    }

    /// <summary>Stages the item with what was typed.</summary>
    internal async Task<FeedbackItem> Stage(Call call, HandIn typed, Channel channel, bool throughAuthority, byte[]? tokenHash, CancellationToken ct)
    {
        var serial = 1 + (await Db.Feedback.AsNoTracking().MaxAsync(f => (long?)f.Serial, ct) ?? 0);
        var item = FeedbackItem.Receive(
            Guid.CreateVersion7(call.Now), serial, typed.Kind!.Value, typed.About!, channel, throughAuthority, call.Language, CaseDesk.MomentOf(call).At, call.BusinessNow,
            await desk.DueAt(typed.Kind.Value, throughAuthority, call, ct));
        var (subject, row, reach) = (Intake.NewSubject(), item.Id.ToString("N"), typed.Reach());
        Db.Feedback.Add(item);
        Db.FeedbackIndex.Add(new FeedbackIndex
        {
            FeedbackId = item.Id, TokenHash = tokenHash, Subject = subject, At = call.Now,
            Typed = await vault.Seal(subject, DataClass.Case, FeedbackIndex.TypedPlace, row, typed.What(), ct),
            Contact = reach is null ? null : await vault.Seal(subject, DataClass.Contact, FeedbackIndex.ContactPlace, row, reach, ct),
            MailToken = TokenOf(typed),
        });
        await desk.Note(item, call, FeedbackEvent.Received, about: $"{channel}", ct: ct);
        desk.StageDue(item);
        return item;
    }

    private async Task<bool> MayMail(HandIn typed, Call call, CancellationToken ct)
    {
        var (token, since) = (TokenOf(typed), call.Now.AddDays(-1));
        return token is not null && await Db.FeedbackIndex.AsNoTracking().CountAsync(i => i.MailToken == token && i.At > since, ct) < MailsADay;
    }

    private byte[]? TokenOf(HandIn typed) => typed.Reach()?.Mail is { } mail ? numbers.Of("feedback-mail", Spelling.Mail(mail)) : null;

    internal static string Stamp(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
}
