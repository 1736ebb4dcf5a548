using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>What a case's settlement would come to on other dates: the same contract, policy and facts as the one in force.</summary>
public sealed class ShowCurve(AppDb db, CaseDesk desk) : UseCase<ShowCurve.Request, ShowCurve.View>(db)
{
    /// <param name="From">First day; null: the earliest end, month by month to the end of the term.</param>
    /// <param name="Days">How many points from then on, 1 to 1,000.</param>
    public sealed record Request(Guid CaseId, DateOnly? From = null, int? Days = null, int StepDays = 1);

    public sealed record View(string Currency, IReadOnlyList<CurvePoint> Points);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.SettlementId is not { } id)
            return CaseRefusals.NoSettlement;
        var statement = await Db.Settlements.AsNoTracking().Where(s => s.Id == id).Select(s => s.Statement).SingleAsync(ct);
        if (request.From is not { } from)
            return Of(exit, statement) is { } view ? view : CaseRefusals.NoSettlement;
        if (request.Days is not (>= 1 and <= StatementBuilder.MaxCurve) || request.StepDays is < 1 or > 366)
            return Range;
        var (document, refusal) = SettlementDocument.Read(statement);
        if (refusal is not null)
            return refusal;
        try
        {
            return new View(document!.Contract.Currency,
                StatementBuilder.Curve(document.Contract, document.Policy, document.Facts, from, request.Days.Value, request.StepDays, document.RulePacks));
        }
        catch (CalculationException refused)
        {
            return refused.ToRefusal();
        }
    }

    /// <summary>The curve of a case from its stored statement; null when the statement does not hold what it was computed from.</summary>
    public static View? Of(ExitCase exit, string statement)
    {
        var (document, refusal) = SettlementDocument.Read(statement);
        if (refusal is not null)
            return null;
        var received = Clocks.DateIn(exit.BusinessReceivedAt, exit.Zone ?? Clocks.CompanyZone);
        var earliest = document!.Policy.EarliestEnd(document.Contract, received, ground: document.Facts.Ground);
        var days = Days(earliest, document.Contract.TermEnd).Append(document.Facts.LastServiceDay).Distinct().Order();
        return new View(document.Contract.Currency, StatementBuilder.Curve(document.Contract, document.Policy, document.Facts, days, document.RulePacks));
    }

    /// <summary>At most 24 days to compare: months apart from the earliest, counted from it, with the last day of the term; after the term half a year.</summary>
    public static IReadOnlyList<DateOnly> Days(DateOnly earliest, DateOnly termEnd)
    {
        const int most = 24, afterTerm = 6;
        var months = termEnd > earliest ? BillingPeriods.FullMonths(earliest, termEnd) : afterTerm;
        var step = (months + most - 2) / (most - 1);
        var days = new SortedSet<DateOnly>();
        for (var m = 0; m <= months && days.Count < most - 1; m += Math.Max(1, step))
            days.Add(earliest.PlusMonths(m));
        if (termEnd > earliest)
            days.Add(termEnd);
        return [.. days];
    }

    private static readonly Refusal Range = new(RefusalKind.Invalid, "settlement.curve-range",
        $"A curve has 1 to {StatementBuilder.MaxCurve} points, 1 to 366 days apart.", $"曲线须为 1 至 {StatementBuilder.MaxCurve} 个点，间隔 1 至 366 天。", Field: "days");
}
