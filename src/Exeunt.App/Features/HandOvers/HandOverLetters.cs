using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.HandOvers;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.HandOvers;

/// <summary>Writes the letters about who looks after a customer, in the customer's language.</summary>
public sealed class HandOverLetters(StaffDb people, Vault vault)
{
    /// <param name="Name">The customer's; "" when there is none.</param>
    /// <param name="Mail">Where it can be mailed to; null: it is to be posted.</param>
    public sealed record Written(string Subject, IReadOnlyList<string> Paragraphs, string Name, string? Mail);

    /// <param name="masked">To look at on a page: the name masked as everywhere.</param>
    /// <param name="alternative">What takes the place of an owner; null: a letter that does not say it.</param>
    public async Task<Written> Write(
        HandOverLetter letter, Customer customer, Guid? previous, Guid? successor, DateOnly from, CancellationToken ct, string? alternative = null, GivingUpDesk.LetterParts? parts = null, DateOnly? visitOn = null, bool masked = false)
    {
        var t = Texts.In(customer.Language);
        var wanted = new[] { previous, successor }.OfType<Guid>().ToList();
        var known = await people.Users.AsNoTracking().Where(m => wanted.Contains(m.Id)).Select(m => new { m.Id, m.DisplayName, m.Email }).ToDictionaryAsync(m => m.Id, ct);
        var after = successor is { } s ? known.GetValueOrDefault(s) : null;
        var name = customer.OrganisationName ?? (await vault.Open<CustomerIdentity>(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct))?.Name;
        if (name is not null)
            name = OneLine.Of(name);
        if (masked && customer.OrganisationName is null && name is not null)
            name = Mask.Name(name);
        var contact = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        var (subject, paragraphs) = letter.In(customer.Language, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["customer.name"] = name ?? t["hand-over.letter.customer"],
            ["previous"] = previous is { } p && known.GetValueOrDefault(p) is { } before ? before.DisplayName : t["hand-over.letter.nobody"],
            ["successor"] = after?.DisplayName ?? "",
            ["contact"] = parts?.Contact ?? after?.Email ?? "",
            ["from"] = t.Date(from),
            ["reason"] = parts?.Reason ?? "",
            ["alternative"] = (alternative ?? "") + (after is null || alternative is null ? "" : t["hand-over.letter.colleague", after.DisplayName]),
            ["visit.on"] = visitOn is { } day ? t.Date(day) : "",
        });
        return new Written(subject, paragraphs, name ?? "",
            // Whoever restricted the use of their data gets no such mail.
            customer.RestrictedAt is null ? contact?.Mail : null);
    }
}

/// <summary>
/// Effect "hand-over.letter": the letter of a giving up or of one customer of a plan, as a signed PDF and, where there is an address, a
/// mail with the same words. Nothing is written to a customer who was erased meanwhile.
/// </summary>
public sealed class SendHandOverLetter(AppDb db, HandOverDesk desk, HandOverLetters letters, Papers papers, Letterhead letterhead, Post post) : IEffect
{
    public const string Kind = "hand-over.letter";

    /// <param name="Previous">The owner before.</param>
    public sealed record Which(Guid? GivingUp, Guid? Plan, int Position, Guid? Previous);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var which = effect.Read<Which>();
        if (which.GivingUp is { } id)
        {
            var giving = await db.GivingUps.SingleAsync(g => g.Id == id, ct);
            var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == giving.CustomerId, ct);
            if (giving.DocumentId is not null || customer.ErasedAt is not null || await GivingUpDesk.PartsOf(desk, giving, ct) is not { } parts)
                return EffectResult.Done;
            var written = await letters.Write(HandOverLetter.GivenUp, customer, which.Previous, giving.Successor, giving.FromOn, ct, Texts.In(customer.Language).Of("giving-up.instead", giving.Alternative), parts);
            (giving.DocumentId, giving.MailId) = await Send(customer, written, HandOverLetter.GivenUp.Code, call, ct);
            giving.Version++;
            db.Audit(call, "giving-up.letter", $"customer:{customer.Id}", new { giving.Id, giving.DocumentId, mailed = giving.MailId is not null });
            return EffectResult.Done;
        }
        var item = await db.PlanItems.SingleAsync(i => i.PlanId == which.Plan && i.Position == which.Position, ct);
        var plan = await db.PortfolioPlans.AsNoTracking().SingleAsync(p => p.Id == which.Plan, ct);
        if (item.Letter != LetterState.Waiting)
            return EffectResult.Done;
        var whom = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == item.CustomerId, ct);
        item.Version++;
        if (whom.ErasedAt is not null)
        {
            item.Letter = LetterState.None;
            db.Audit(call, "hand-over.letter-not-needed", $"customer:{whom.Id}", new { item.PlanId });
            return EffectResult.Done;
        }
        var text = await letters.Write(HandOverLetter.NewContact, whom, which.Previous, item.Successor, plan.FromOn, ct, visitOn: item.Visit == VisitState.Planned ? item.VisitOn : null);
        (item.DocumentId, item.MailId) = await Send(whom, text, HandOverLetter.NewContact.Code, call, ct);
        item.Letter = item.MailId is null ? LetterState.ToPost : LetterState.Mailed;
        db.Audit(call, "hand-over.letter", $"customer:{whom.Id}", new { item.PlanId, item.DocumentId, item.Letter });
        return EffectResult.Done;
    }

    private async Task<(Guid Document, Guid? Mail)> Send(Customer customer, HandOverLetters.Written written, string code, Call call, CancellationToken ct)
    {
        var reference = customer.Id.ToString(CultureInfo.InvariantCulture);
        var pdf = LetterDocument.Make(
            new LetterContent(customer.Language, await letterhead.Issuer(Texts.In(customer.Language), ct), [written.Name], reference, written.Subject, written.Paragraphs, [], null, [], call.Now, TimeZoneInfo.FindSystemTimeZoneById(Clocks.CompanyZone)),
            Letterhead.Fonts, await letterhead.Key(ct));
        var document = await papers.Stage((Guid?)null, customer.Id, DataClass.Case, DocumentKind.HandOverLetter, $"{reference}-{code}.pdf", "application/pdf", pdf, call, ct);
        var mail = written.Mail is null ? (Guid?)null : await post.Stage(call, null, customer.Id, DataClass.Contact, new MailContent(written.Mail, written.Subject, string.Join("\n\n", written.Paragraphs), [document.Id]), ct);
        return (document.Id, mail);
    }
}

/// <summary>A letter of a hand-over for a member of staff who may see the customer, to print and post it; each download is recorded.</summary>
public sealed class DownloadHandOverLetter(AppDb db, HandOverDesk desk, Papers papers, Erasure.Locks locks) : UseCase<DownloadHandOverLetter.Request, DownloadDocument.File>(db)
{
    public sealed record Request(long CustomerId, Guid DocumentId);

    public override Permission Needs => Permission.HandOverCustomers;

    protected override async Task<Outcome<DownloadDocument.File>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CustomerId, call, Needs, ct) is null
            || await Db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == request.DocumentId && d.Subject == request.CustomerId && d.Kind == DocumentKind.HandOverLetter, ct) is not { } row)
            return CommonRefusals.NotFound;
        if (await locks.Of(row.Subject, ct) is { } locked)
            return locked.Refusal;
        if (await papers.Open(row, ct) is not { } bytes)
            return DocumentRefusals.Erased;
        Db.Audit(call, "document.downloaded", $"document:{row.Id:N}", new { request.CustomerId });
        await Db.SaveChangesAsync(ct);
        return new DownloadDocument.File(row.FileName, row.MediaType, bytes);
    }
}
