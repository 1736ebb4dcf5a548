using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Settlements.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Settlements;

/// <summary>结算: what waits, reconciliations, payment orders, ledgers.</summary>
public static class MoneyConsole
{
    private const int MaxFile = 24 * 1024 * 1024;

    /// <summary>A file in JSON is longer; of one that is a little too large its page says so.</summary>
    internal const int MaxBody = MaxFile + (8 << 20);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/money", (ListMoney list, Caller caller, long? before, CancellationToken ct) => Page(list, caller, before, null, null, ct)).Needs(Permission.ViewMoney);
        routes.MapForm("/money/held", async ([FromForm] string? statementsTo, ReleaseHeldPayments release, ListMoney list, Caller caller, CancellationToken ct) =>
            (await release.Run(caller.Call, new(DisputesFeature.Day(statementsTo)), ct)).Refusal is { } no ? await Page(list, caller, null, no, null, ct, statementsTo) : Web.SeeOther("/money")).Needs(Permission.HandleMoney);
        routes.MapForm("/money/bank-file", Read).Needs(Permission.HandleMoney).Takes(MaxBody);
        routes.MapPage("/money/files/{id:guid}", (Guid id, Files files, string? open, string? after, string? again, CancellationToken ct) =>
            files.Page(id, new(open == "1", int.TryParse(after, out var n) ? n : 0, again == "1"), null, ct)).Needs(Permission.ViewMoney);
        routes.MapPage("/money/files/{id:guid}/lines.csv", Export).Needs(Permission.ViewMoney);
        routes.MapForm("/money/files/{id:guid}/lines/{line:int}/assign", (Guid id, int line, IFormCollection typed, Files files, AssignBankLine assign, CancellationToken ct) =>
            files.After("assign", id, line, typed, call => assign.Run(call, new(id, line, typed["order"]), ct), ct)).Needs(Permission.HandleMoney);
        routes.MapForm("/money/files/{id:guid}/lines/{line:int}/set-aside", (Guid id, int line, IFormCollection typed, Files files, SetBankLineAside aside, CancellationToken ct) =>
            files.After("aside", id, line, typed, call => aside.Run(call, new(id, line, CaseMoneyForms.One<SetAsideReason>(typed["reason"]), typed["words"]), ct), ct)).Needs(Permission.HandleMoney);
        routes.MapForm("/money/files/{id:guid}/close", (Guid id, IFormCollection typed, Files files, CloseBankFile close, CancellationToken ct) =>
            files.After("close", id, 0, typed, call => close.Run(call, new(id), ct), ct)).Needs(Permission.HandleMoney);
        routes.MapPage("/money/ledger/{id:guid}", async (Guid id, ShowLedger show, Caller caller, CancellationToken ct) =>
        {
            var outcome = await show.Run(caller.Call, new(id), ct);
            return outcome.Refusal is { } no ? (IResult)new ProblemResult(no) : Web.Page<LedgerPage>(new { View = outcome.Value });
        }).Needs(Permission.ViewMoney);
    }

    /// <summary>Which lines of a file are shown, and whether it was sent a second time.</summary>
    public sealed record Shown(bool OnlyOpen, int After, bool Again = false);

    /// <summary>The page of a bank file, also as the answer to a form that was refused.</summary>
    public sealed class Files(ShowBankFile show, Caller caller)
    {
        public async Task<IResult> Page(Guid id, Shown shown, ReturnedLine? returned, CancellationToken ct)
        {
            var outcome = await show.Run(caller.Call with { IdempotencyKey = null }, new(id, null, shown.OnlyOpen, shown.After), ct);
            return outcome.Refusal is { } no
                ? new ProblemResult(no)
                : Web.Page<BankFilePage>(new { View = outcome.Value, Shown = shown, Returned = returned }, returned is null ? StatusCodes.Status200OK : Problems.StatusOf(returned.Refusal));
        }

        public async Task<IResult> After<T>(string form, Guid id, int line, IFormCollection typed, Func<Call, Task<Outcome<T>>> run, CancellationToken ct)
        {
            var shown = new Shown(typed["open"] == "1", int.TryParse(typed["after"], out var n) ? n : 0);
            var outcome = await run(caller.Call);
            if (outcome.Refusal is not { } no)
                return Web.SeeOther(Address(id, shown));
            var kept = typed.Where(f => !f.Key.StartsWith('_')).ToDictionary(f => f.Key, f => f.Value.ToString());
            return no.Kind == RefusalKind.NotFound ? new ProblemResult(no) : await Page(id, shown, new ReturnedLine(form, line, no, kept), ct);
        }
    }

    /// <summary>A form of a line that was refused.</summary>
    public sealed record ReturnedLine(string Form, int Line, Refusal Refusal, IReadOnlyDictionary<string, string> Typed);

    public static string Address(Guid id, Shown shown, int? after = null)
    {
        var parts = new List<string>();
        if (shown.OnlyOpen)
            parts.Add("open=1");
        if ((after ?? shown.After) is > 0 and var from)
            parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"after={from}"));
        return $"/money/files/{id}" + (parts.Count == 0 ? "" : "?" + string.Join('&', parts));
    }

    private static async Task<IResult> Read(HttpContext http, ReconcileBankFile reconcile, ShowBankFile show, ListMoney list, Caller caller, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(ct);
        var pasted = form["content"].ToString();
        var content = Encoding.UTF8.GetBytes(pasted);
        if (form.Files["file"] is { Length: > 0 } file)
        {
            if (file.Length > MaxFile)
                return await Page(list, caller, null, TooLarge, pasted, ct);
            using var copy = new MemoryStream();
            await file.CopyToAsync(copy, ct);
            content = copy.ToArray();
        }
        if (content.Length == 0)
            return await Page(list, caller, null, CommonRefusals.Required("file"), null, ct);
        var outcome = await reconcile.Run(caller.Call, new(content), ct);
        if (outcome.Refusal is not { } no)
            return Web.SeeOther($"/money/files/{outcome.Value.FileId}");
        // The same file again: to its first reading, which says so.
        if (no.Code == "bank.file-known" && (await show.Run(caller.Call with { IdempotencyKey = null }, new(null, Convert.ToHexStringLower(SHA256.HashData(content))), ct)) is { Succeeded: true, Value.File.Id: var first })
            return Web.SeeOther($"/money/files/{first}?again=1");
        return await Page(list, caller, null, no, pasted, ct);
    }

    private static async Task<IResult> Export(Guid id, ExportBankFile export, Caller caller, CancellationToken ct)
    {
        var outcome = await export.Run(caller.Call, new(id), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Results.File(Encoding.UTF8.GetBytes('\uFEFF' + outcome.Value.Text), "text/csv", $"bank-file-{id}.csv");
    }

    private static async Task<IResult> Page(ListMoney list, Caller caller, long? before, Refusal? refusal, string? pasted, CancellationToken ct, string? statementsTo = null)
    {
        var outcome = await list.Run(caller.Call with { IdempotencyKey = null }, new(before), ct);
        return outcome.Refusal is { } no
            ? new ProblemResult(no)
            : Web.Page<MoneyPage>(new { List = outcome.Value, Paged = before is not null, Refusal = refusal, Pasted = pasted, StatementsTo = statementsTo },
                refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static readonly Refusal TooLarge = new(RefusalKind.Invalid, "bank.file-too-large",
        "The file is larger than 24 MB; split it.", "文件超过 24 MB，请拆分后导入。", Field: "file");
}
