using Exeunt.App.Features.Settlements.Console;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Settlements;

/// <summary>结算: approvals, payment orders, reconciliation.</summary>
public static class MoneyConsole
{
    private const int MaxFile = 32 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/money", (ListMoney list, Caller caller, long? before, CancellationToken ct) => Page(list, caller, before, null, null, null, ct)).Needs(Permission.ViewMoney);
        routes.MapForm("/money/bank-file", Read).Needs(Permission.HandleMoney);
    }

    private static async Task<IResult> Read(HttpContext http, ReconcileBankFile reconcile, ListMoney list, Caller caller, CancellationToken ct)
    {
        var form = await http.Request.ReadFormAsync(ct);
        var content = form["content"].ToString();
        if (form.Files["file"] is { Length: > 0 } file)
        {
            if (file.Length > MaxFile)
                return await Page(list, caller, null, null, TooLarge, content, ct);
            using var reader = new StreamReader(file.OpenReadStream());
            content = await reader.ReadToEndAsync(ct);
        }
        if (string.IsNullOrWhiteSpace(content))
            return await Page(list, caller, null, null, CommonRefusals.Required("file"), null, ct);
        var outcome = await reconcile.Run(caller.Call, new(content), ct);
        return outcome.Refusal is { } no
            ? await Page(list, caller, null, null, no, form["content"], ct)
            : await Page(list, caller, null, outcome.Value, null, null, ct);
    }

    private static async Task<IResult> Page(ListMoney list, Caller caller, long? before, ReconcileBankFile.Report? report, Refusal? refusal, string? pasted, CancellationToken ct)
    {
        var outcome = await list.Run(caller.Call with { IdempotencyKey = null }, new(before), ct);
        return outcome.Refusal is { } no
            ? new ProblemResult(no)
            : Web.Page<MoneyPage>(new { List = outcome.Value, Paged = before is not null, Report = report, Refusal = refusal, Pasted = pasted },
                refusal is null ? StatusCodes.Status200OK : Problems.StatusOf(refusal));
    }

    private static readonly Refusal TooLarge = new(RefusalKind.Invalid, "bank.file-too-large",
        "The file is larger than 32 MB; split it.", "文件超过 32 MB，请拆分后导入。", Field: "file");
}
