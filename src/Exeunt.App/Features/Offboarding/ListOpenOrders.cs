using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Lists the customer's orders that are still open, so that each is finished or cancelled before the final bill. One line each: number, amount.</summary>
public sealed class ListOpenOrders(AppDb db, CaseDesk desk, CaseTexts texts) : UseCase<ListOpenOrders.Request, ListOpenOrders.Listed>(db)
{
    public const int Max = 500;
    private const int MaxNumber = 60;

    /// <param name="Orders">"PO-1001, 1250.00" on each line; the amount in the contract's currency may be left out.</param>
    public sealed record Request(Guid CaseId, string? Orders);

    public sealed record Listed(int Orders);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Listed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (exit.HasEnded(StepKind.WindDown))
            return CaseRefusals.StepNotActive;
        var contract = await Db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var lines = (request.Orders ?? "").Split('\n', StringSplitOptions.TrimEntries);
        var known = await Db.Set<OpenOrder>().CountAsync(o => o.CaseId == exit.Id, ct);
        var added = 0;
        foreach (var (n, line) in lines.Index())
        {
            if (line.Length == 0)
                continue;
            if (known + ++added > Max)
                return OffboardingRefusals.TooManyOrders;
            var parts = line.Split([',', '，', '\t'], 2, StringSplitOptions.TrimEntries);
            if (parts[0].Length is 0 or > MaxNumber)
                return OffboardingRefusals.OrderLine(n + 1);
            long amount = 0;
            if (parts.Length == 2 && parts[1].Length > 0)
            {
                try
                {
                    amount = Money.Parse(parts[1], contract.Currency, "orders").Minor;
                }
                catch (CalculationException)
                {
                    return OffboardingRefusals.OrderLine(n + 1);
                }
            }
            Db.Add(new OpenOrder
            {
                Id = Guid.CreateVersion7(), CaseId = exit.Id, TextId = await texts.Stage(exit, "order", parts[0], ct), Amount = amount, Currency = contract.Currency,
                AddedBy = call.Actor.Id, AddedAt = call.Now,
            });
        }
        if (added == 0)
            return CommonRefusals.Required("orders");
        Db.Audit(call, "open-orders.listed", $"case:{exit.Id:N}", new { added });
        return await Commit(new Listed(added), ct);
    }
}
