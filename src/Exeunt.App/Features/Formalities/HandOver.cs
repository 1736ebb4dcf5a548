using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Formalities;

/// <summary>Something was handed in or over: in which condition, with evidence where it is asked for; both sides get a numbered receipt.</summary>
public sealed class HandOverItem(AppDb db, CaseDesk desk, CaseTexts texts, Papers papers, Letterhead letterhead, CaseLetters letters) : UseCase<HandOverItem.Request, HandOverItem.Received>(db)
{
    public const int MaxWords = 1000;

    /// <param name="Condition">In which condition it came.</param>
    /// <param name="Evidence">Photo or paper.</param>
    public sealed record Request(Guid CaseId, Guid ItemId, string? Condition, byte[]? Evidence);

    public sealed record Received(string Receipt);

    public override Permission Needs => Permission.HandleCases;

    protected override int Tries => 5;

    protected override async Task<Outcome<Received>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<Formality>().SingleOrDefaultAsync(f => f.Id == request.ItemId && f.CaseId == exit.Id, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (item.State is FormalityState.Done or FormalityState.Waived)
            return CaseRefusals.ItemDoneAlready;
        if (request.Condition is { Length: > MaxWords })
            return CommonRefusals.TooLong("condition", MaxWords);
        if (request.Evidence is not { Length: > 0 })
        {
            if (item.NeedsEvidence)
                return FormalityRefusals.EvidenceNeeded;
        }
        else
        {
            var kind = Evidence.KindOf(request.Evidence, papers: true);
            if (kind.Refusal is { } no)
                return no;
            item.EvidenceId = (await papers.Stage(exit, exit.CustomerId!.Value, DataClass.Case, DocumentKind.Evidence, $"{exit.Number}-{item.Code}.{kind.Value.Ending}", kind.Value.MediaType, request.Evidence, call, ct)).Id;
        }
        if (!string.IsNullOrWhiteSpace(request.Condition))
            item.TextId = await texts.StageUntilClosed(exit, "formality", request.Condition.Trim(), ct);
        var n = 1 + await Db.Set<Formality>().CountAsync(f => f.CaseId == exit.Id && f.Receipt != null, ct);
        (item.State, item.DoneBy, item.DoneAt) = (FormalityState.Done, call.Actor.Id, call.Now);
        item.Receipt = string.Create(CultureInfo.InvariantCulture, $"{exit.Number}/R{n}");
        item.Version++;
        item.ReceiptId = await StageReceipt(exit, item, request.Condition?.Trim(), call, ct);
        Db.Audit(call, "formality.handed-over", $"case:{exit.Id:N}", new { item = item.Code, item.Receipt });
        await FormalityRefusals.Finish(Db, exit, item, "done", item.TextId, ct);
        desk.Stage(exit, call);
        return await Commit(new Received(item.Receipt), ct);
    }

    private async Task<Guid> StageReceipt(ExitCase exit, Formality item, string? condition, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!);
        var pdf = LetterDocument.Make(
            new LetterContent(exit.Language, letterhead.Issuer(t), [await letters.NameOf(exit.CustomerId!.Value, ct) ?? ""], item.Receipt!, t["letter.receipt.title"],
                [
                    t[item.Side == Exeunt.Core.Procedures.ItemSide.Customer ? "letter.receipt.from-customer" : "letter.receipt.to-customer", t.Pick(item.English, item.Chinese), t.Date(Clocks.DateIn(call.BusinessNow, exit.Zone!))],
                    .. string.IsNullOrEmpty(condition) ? Array.Empty<string>() : [t["letter.receipt.condition", condition]],
                ],
                [], null, [t["letter.receipt.keep"]], call.Now, zone),
            Letterhead.Fonts, await letterhead.Key(ct));
        var document = await papers.Stage(exit, exit.CustomerId.Value, DataClass.Case, DocumentKind.Receipt, $"{item.Receipt!.Replace('/', '-')}.pdf", "application/pdf", pdf, call, ct);
        await letters.Mail(exit, call, "mail.receipt-of", [exit.Number, t.Pick(item.English, item.Chinese), item.Receipt], [document.Id], ct);
        return document.Id;
    }
}

/// <summary>A named person gives something up, with words.</summary>
public sealed class WaiveItem(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<WaiveItem.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, Guid ItemId, string? Words);

    public override Permission Needs => Permission.WaiveWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit
            || await Db.Set<Formality>().SingleOrDefaultAsync(f => f.Id == request.ItemId && f.CaseId == exit.Id, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (item.State is FormalityState.Done or FormalityState.Waived)
            return CaseRefusals.ItemDoneAlready;
        if (string.IsNullOrWhiteSpace(request.Words))
            return CommonRefusals.Required("words");
        if (request.Words.Length > HandOverItem.MaxWords)
            return CommonRefusals.TooLong("words", HandOverItem.MaxWords);
        item.TextId = await texts.StageUntilClosed(exit, "formality", request.Words.Trim(), ct);
        (item.State, item.DoneBy, item.DoneAt) = (FormalityState.Waived, call.Actor.Id, call.Now);
        item.Version++;
        Db.Audit(call, "formality.waived", $"case:{exit.Id:N}", new { item = item.Code });
        await FormalityRefusals.Finish(Db, exit, item, "waived", item.TextId, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

public static class FormalityRefusals
{
    public static readonly Refusal EvidenceNeeded = new(RefusalKind.Invalid, "formality.evidence-needed",
        "This is done only with a photo or paper.", "该项须附照片或文件。", Field: "evidence");

    /// <summary>Tells the case of an item; with the last open one the step is done. After the step it changes nothing there.</summary>
    internal static async Task Finish(AppDb db, ExitCase exit, Formality item, string state, Guid? text, CancellationToken ct)
    {
        if (!exit.IsActive(item.Step))
            return;
        var open = await db.Set<Formality>().AsNoTracking().AnyAsync(f => f.CaseId == exit.Id && f.Id != item.Id && (f.State == FormalityState.Open || f.State == FormalityState.Missing), ct);
        exit.FinishItem(item.Step, item.Code, state, !open, text);
    }
}

/// <summary>The formalities of a case, the same list for staff and customer.</summary>
public sealed class FormalityReader(AppDb db)
{
    /// <param name="Price">What a missing one costs.</param>
    public sealed record Line(
        Guid Id, Words Name, Exeunt.Core.Procedures.ItemSide Side, DateOnly DueOn, bool NeedsEvidence, Money? Price, FormalityState State, string? Words, Guid? EvidenceId, string? Receipt, Guid? ReceiptId,
        string? DoneBy, DateTimeOffset? DoneAt);

    public async Task<IReadOnlyList<Line>> Of(Guid caseId, IReadOnlyDictionary<Guid, string> words, CancellationToken ct) =>
    [
        .. (await db.Set<Formality>().AsNoTracking().Where(f => f.CaseId == caseId).OrderBy(f => f.DueOn).ThenBy(f => f.Code).Take(200).ToListAsync(ct)).Select(f => new Line(
            f.Id, new Words(f.English, f.Chinese), f.Side, f.DueOn, f.NeedsEvidence, f.Price is { } price ? new Money(price, f.Currency!) : null, f.State,
            f.TextId is { } text ? words.GetValueOrDefault(text) : null, f.EvidenceId, f.Receipt, f.ReceiptId, f.DoneBy, f.DoneAt)),
    ];
}

/// <summary>The formalities of a case for staff.</summary>
public sealed class ListFormalities(AppDb db, CaseDesk desk, CaseTexts texts, FormalityReader reader) : UseCase<ListFormalities.Request, ListFormalities.View>(db)
{
    public sealed record Request(Guid CaseId);

    public sealed record View(IReadOnlyList<FormalityReader.Line> Items);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        var any = await Db.Set<Formality>().AnyAsync(f => f.CaseId == exit.Id, ct);
        return new View(any ? await reader.Of(exit.Id, await texts.All(exit.Id, ct), ct) : []);
    }
}
