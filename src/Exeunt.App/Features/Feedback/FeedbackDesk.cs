using Exeunt.App.Data;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>Finds complaints and suggestions for those who may see them, keeps their history, opens what is sealed.</summary>
public sealed class FeedbackDesk(AppDb db, Vault vault, CalendarBook calendars, Post post, HostOptions options)
{
    /// <summary>Calendar of the company's own working days.</summary>
    private const string Place = "CN";

    /// <summary>Of a unit for which they hold the permission, or not yet of any.</summary>
    public async Task<FeedbackItem?> Find(Guid id, Call call, Permission permission, CancellationToken ct)
    {
        var found = await db.Feedback.Where(f => f.Id == id)
            .Select(f => new { Item = f, Path = db.Units.Where(u => u.Id == f.UnitId).Select(u => u.Path).FirstOrDefault() }).SingleOrDefaultAsync(ct);
        return found is null || (found.Path is { } path && !call.Actor.Allows(permission, path)) ? null : found.Item;
    }

    /// <summary>The one of a secret link; null when there is none.</summary>
    public async Task<FeedbackItem?> OfLink(string token, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        return await db.Feedback.SingleOrDefaultAsync(f => db.FeedbackIndex.Any(i => i.FeedbackId == f.Id && i.TokenHash == hash), ct);
    }

    public IQueryable<FeedbackItem> Visible(Call call, Permission permission)
    {
        var paths = call.Actor.UnitsFor(permission);
        if (paths.Contains("") || paths.Contains("1."))
            return db.Feedback.AsNoTracking();
        var units = db.Units.AsNoTracking().AsEnumerable().Where(u => paths.Any(p => u.Path.StartsWith(p, StringComparison.Ordinal))).Select(u => (int?)u.Id).ToList();
        return db.Feedback.AsNoTracking().Where(f => f.UnitId == null || units.Contains(f.UnitId));
    }

    /// <summary>The path of the unit it belongs to; "" before it belongs to one.</summary>
    public async Task<string> PathOf(FeedbackItem item, CancellationToken ct) =>
        item.UnitId is { } unit ? await db.Units.AsNoTracking().Where(u => u.Id == unit).Select(u => u.Path).SingleAsync(ct) : "";

    /// <summary>Whether a person has a case, or did anything in it.</summary>
    public async Task<bool> Acted(Guid? caseId, string? person, CancellationToken ct) =>
        caseId is { } id && person is not null
        && (await db.Cases.AsNoTracking().AnyAsync(c => c.Id == id && c.AssignedTo == person, ct) || await db.CaseEvents.AsNoTracking().AnyAsync(e => e.CaseId == id && e.By == person, ct));

    /// <summary>Adds a line to its history with its audit entry; words are sealed.</summary>
    public async Task Note(FeedbackItem item, Call call, FeedbackEvent what, string? words = null, string? about = null, CancellationToken ct = default)
    {
        var number = item.NextEntry();
        var sealedWords = words is null ? null : await vault.Seal(await SubjectOf(item.Id, ct), DataClass.Case, FeedbackEntry.Place, $"{item.Id:N}|{number}", words, ct);
        db.FeedbackEntries.Add(new FeedbackEntry { FeedbackId = item.Id, Number = number, At = call.Now, By = call.Actor.Id, What = what, About = about, Words = sealedWords });
        db.Audit(call, "feedback." + what.ToString().ToLowerInvariant(), Target(item), new { number, about });
    }

    public static string Target(FeedbackItem item) => $"feedback:{item.Id:N}";

    /// <summary>One line of the history, its words open; null words with <see cref="Erased"/> are gone.</summary>
    public sealed record Line(DateTimeOffset At, string By, FeedbackEvent What, string? About, string? Words, bool Erased);

    public async Task<IReadOnlyList<Line>> History(FeedbackItem item, CancellationToken ct)
    {
        var subject = await SubjectOf(item.Id, ct);
        var lines = new List<Line>();
        foreach (var e in await db.FeedbackEntries.AsNoTracking().Where(e => e.FeedbackId == item.Id).OrderBy(e => e.Number).ToListAsync(ct))
        {
            var words = await vault.Open<string>(subject, DataClass.Case, FeedbackEntry.Place, e.Row, e.Words, ct);
            lines.Add(new Line(e.At, e.By, e.What, e.About, words, words is null && (e.Words is not null || HasWords(e.What))));
        }
        return lines;
    }

    private static bool HasWords(FeedbackEvent what) => what is FeedbackEvent.Wrote or FeedbackEvent.Replied or FeedbackEvent.Judged or FeedbackEvent.Answered;

    public async Task<FeedbackTyped?> Typed(FeedbackIndex index, CancellationToken ct) =>
        await vault.Open<FeedbackTyped>(index.Subject, DataClass.Case, FeedbackIndex.TypedPlace, index.Row, index.Typed, ct);

    public async Task<FeedbackContact?> Contact(FeedbackIndex index, CancellationToken ct) =>
        await vault.Open<FeedbackContact>(index.Subject, DataClass.Contact, FeedbackIndex.ContactPlace, index.Row, index.Contact, ct);

    public async Task<FeedbackIndex> Index(FeedbackItem item, CancellationToken ct) =>
        db.FeedbackIndex.Local.FirstOrDefault(i => i.FeedbackId == item.Id) ?? await db.FeedbackIndex.SingleAsync(i => i.FeedbackId == item.Id, ct);

    /// <summary>Mails whoever wrote, if they gave an address: only what they know, or what is written to them.</summary>
    public async Task Mail(FeedbackItem item, Call call, string key, IReadOnlyList<object?> arguments, CancellationToken ct)
    {
        var index = await Index(item, ct);
        if ((await Contact(index, ct))?.Mail is not { } mail)
            return;
        var t = Texts.In(item.Language);
        await post.Stage(call, null, index.Subject, DataClass.Contact, new MailContent(mail, t[key + ".subject", item.Number], t[key + ".body", [.. arguments]], []), ct);
    }

    public string Address(string token) => $"{options.Url}/feedback/{token}";

    /// <summary>The end (exclusive) of the last day on which it is to be answered, when it comes (anew) now.</summary>
    public async Task<DateTimeOffset> DueAt(FeedbackKind kind, bool throughAuthority, Call call, CancellationToken ct) =>
        Clocks.StartOf(FeedbackItem.AnswerBy(kind, throughAuthority, call.Today(Clocks.CompanyZone), await calendars.For(Place, ct)).AddDays(1), Clocks.CompanyZone);

    /// <summary>Last day on which it is to be answered.</summary>
    public static DateOnly AnswerBy(FeedbackItem item) => Clocks.DateIn(item.DueAt, Clocks.CompanyZone).AddDays(-1);

    /// <summary>Stages the look at whether it was answered in time.</summary>
    public void StageDue(FeedbackItem item) =>
        db.Enqueue(Effect.At(item.DueAt, FeedbackDue.Kind, $"feedback.due|{item.Id:N}|{item.Entries}", new FeedbackRef(item.Id)));

    /// <summary>What follows when it has closed: addresses go when nothing more is written, words when the claim they may carry is barred.</summary>
    public void StageForgetting(FeedbackItem item, Call call)
    {
        foreach (var (dataClass, at) in new[] { (DataClass.Contact, call.BusinessNow.AddDays(Forget.ContactDays)), (DataClass.Case, call.BusinessNow.AddYears(item.Kind == FeedbackKind.Complaint ? Forget.ComplaintYears : Forget.SuggestionYears)) })
            db.Enqueue(Effect.At(at, Forget.Kind, $"feedback.forget|{item.Id:N}|{dataClass}", new Forget.What(item.Id, dataClass)));
    }

    private async Task<long> SubjectOf(Guid id, CancellationToken ct) =>
        db.FeedbackIndex.Local.FirstOrDefault(i => i.FeedbackId == id)?.Subject ?? await db.FeedbackIndex.AsNoTracking().Where(i => i.FeedbackId == id).Select(i => i.Subject).SingleAsync(ct);
}

/// <summary>Which complaint or suggestion an effect is about.</summary>
public sealed record FeedbackRef(Guid Id);
