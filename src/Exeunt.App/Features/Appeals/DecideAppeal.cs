using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Appeals;

/// <summary>
/// Somebody who took no part in the case decides an appeal and answers by letter. What follows from an upheld one is named: a linked case, or
/// what is corrected.
/// </summary>
public sealed class DecideAppeal(AppDb db, CaseDesk desk, CaseTexts texts, CaseLetters letters, Papers papers, Letterhead letterhead) : UseCase<DecideAppeal.Request, Done>(db)
{
    public const int MaxWords = 4000;

    /// <param name="LinkedCase">Number of the case that carries out what was upheld; null: none is needed.</param>
    public sealed record Request(Guid CaseId, bool? Upheld, string? Words, string? LinkedCase = null);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotDecideAppeal(call.Actor.Id) is { } not)
            return not;
        if (request.Upheld is not { } upheld)
            return CommonRefusals.Required("upheld");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        Guid? linked = null;
        if (request.LinkedCase?.Trim() is { Length: > 0 } number)
        {
            linked = await desk.Visible(call, Permission.ViewCases).Where(c => c.Number == number && c.CustomerId == exit.CustomerId && c.Id != exit.Id).Select(c => (Guid?)c.Id).SingleOrDefaultAsync(ct);
            if (linked is null)
                return AppealRefusals.NoSuchCase;
        }
        var words = request.Words.Trim();
        var appeal = await Db.Set<Appeal>().SingleAsync(a => a.Id == exit.OpenAppealId, ct);
        var text = await texts.StageUntilClosed(exit, "appeal", words, ct);
        (appeal.Upheld, appeal.AnswerId, appeal.DecidedBy, appeal.DecidedAt) = (upheld, text, call.Actor.Id, call.Now);
        appeal.Version++;
        if (exit.DecideAppeal(upheld, call.Actor.Id, text) is { } no)
            return no;
        if (linked is { } other)
            exit.Link(other, "reopened");
        desk.Stage(exit, call);
        var t = Texts.In(exit.Language);
        var pdf = LetterDocument.Make(
            new LetterContent(exit.Language, await letterhead.Issuer(t, ct), [await letters.NameOf(exit.CustomerId!.Value, ct) ?? ""], exit.Number, t["letter.appeal.title"],
                [t[upheld ? "letter.appeal.upheld" : "letter.appeal.rejected"], words], [], null, [t["letter.appeal.by-others"]], call.Now, TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!)),
            Letterhead.Fonts, await letterhead.Key(ct));
        var document = await papers.Stage(exit, exit.CustomerId.Value, DataClass.Case, DocumentKind.Notice, $"{exit.Number}-appeal.pdf", "application/pdf", pdf, call, ct);
        await letters.Mail(exit, call, "mail.appeal", [exit.Number, t[upheld ? "letter.appeal.upheld" : "letter.appeal.rejected"], words], [document.Id], ct);
        return await Commit(Done.It, ct);
    }
}

public static class AppealRefusals
{
    public static readonly Refusal NoSuchCase = new(RefusalKind.Invalid, "appeal.no-such-case",
        "No other case of this customer has this number.", "该客户没有此编号的其他案件。", Field: "linkedCase");
}
