using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Intake;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>The inbox of mails: those that wait for a person, or all of a state; newest first, 50 a page. Senders are masked.</summary>
public sealed class ListMails(AppDb db, CaseDesk desk, Vault vault) : UseCase<ListMails.Request, ListMails.Page>(db)
{
    public const int Size = 50;

    /// <param name="Before">Id of the last mail of the page before.</param>
    public sealed record Request(MailState State = MailState.New, Guid? Before = null);

    public sealed record Page(MailState State, IReadOnlyList<Line> Lines, Guid? Next);

    /// <param name="From">Masked; null once erased, and for what was refused.</param>
    public sealed record Line(Guid Id, MailState State, string? Reason, DateTimeOffset ArrivedAt, long Bytes, Guid? CaseId, string? From, string? Subject, Wish Wish, IReadOnlyList<string> Numbers);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        // Until it is known whose they are, mails are everybody's who takes applications; then they are those of the case.
        var cases = desk.Visible(call, Needs);
        var rows = await Db.Set<InboundMail>().AsNoTracking().Where(m => m.State == request.State && (m.CaseId == null || cases.Any(c => c.Id == m.CaseId)) && (request.Before == null || m.Id < request.Before)).OrderByDescending(m => m.Id).Take(Size + 1).ToListAsync(ct);
        var shown = rows.Take(Size).ToList();
        var sheets = await vault.OpenAll<MailSheet>(DataClass.Case, InboundMail.Place, [.. shown.Where(m => m.Data is not null).Select(m => (m.Subject, m.Id.ToString("N"), m.Data!))], ct);
        Db.Audit(call, "mail-in.listed", "mail-in", new { shown.Count });
        await Db.SaveChangesAsync(ct);
        return new Page(request.State, shown.ConvertAll(m =>
        {
            var sheet = sheets.GetValueOrDefault(m.Subject);
            return new Line(m.Id, m.State, m.Reason, m.ArrivedAt, m.Size, m.CaseId, sheet is null ? null : Mask.Mail(sheet.From), sheet?.Subject, sheet?.Wish.Wish ?? Wish.None, sheet?.Wish.Numbers ?? []);
        }), rows.Count > Size ? shown[^1].Id : null);
    }
}

/// <summary>One mail with what was read out of it; the look is recorded.</summary>
public sealed class ShowMail(AppDb db, MailWork work) : UseCase<ShowMail.Request, ShowMail.View>(db)
{
    public sealed record Request(Guid Id);

    /// <param name="Sheet">Null once erased, and for what was refused.</param>
    /// <param name="CaseNumber">The case it became, or to which it belongs.</param>
    public sealed record View(InboundMail Mail, MailSheet? Sheet, string? CaseNumber)
    {
        public bool MayDecide => Mail.State is MailState.New or MailState.Automatic or MailState.NotApplication && Sheet is not null;
    }

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<InboundMail>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == request.Id, ct) is not { } mail || !await work.IsFor(mail, call, Needs, ct))
            return CommonRefusals.NotFound;
        var number = mail.CaseId is { } id ? await Db.Cases.AsNoTracking().Where(c => c.Id == id).Select(c => c.Number).SingleOrDefaultAsync(ct) : null;
        var view = new View(mail, await work.Open(mail, ct), number);
        Db.Audit(call, "mail-in.viewed", $"mail-in:{mail.Id:N}");
        await Db.SaveChangesAsync(ct);
        return view;
    }
}

/// <summary>The file of a mail as it came; each download is recorded.</summary>
public sealed class DownloadMail(AppDb db, MailWork work) : UseCase<DownloadMail.Request, byte[]>(db)
{
    public sealed record Request(Guid Id);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<byte[]>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<InboundMail>().AsNoTracking().SingleOrDefaultAsync(m => m.Id == request.Id, ct) is not { } mail || !await work.IsFor(mail, call, Needs, ct) || await work.File(mail, ct) is not { } file)
            return CommonRefusals.NotFound;
        Db.Audit(call, "mail-in.downloaded", $"mail-in:{mail.Id:N}");
        await Db.SaveChangesAsync(ct);
        return file;
    }
}
