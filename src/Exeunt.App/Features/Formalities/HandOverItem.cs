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
            new LetterContent(exit.Language, await letterhead.Issuer(t, ct), [await letters.NameOf(exit.CustomerId!.Value, ct) ?? ""], item.Receipt!, t["letter.receipt.title"],
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
