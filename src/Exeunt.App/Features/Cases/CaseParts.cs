using Exeunt.App.Data;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>Loads what the cards of other features show on the case page, one after the other.</summary>
public sealed class CaseParts(AppDb db, ShowOffboarding offboarding, ListDisputes disputes, ListFormalities formalities, ShowAftermath aftermath, Intakes.IntakeProofs intakes, Staff.StaffDirectory staff,
    Returns.ShowReturn returns, Claims.ListClaims claims, Erasure.ShowCaseData data)
{
    public static readonly Sheets None = new(null, null, [], null, new Dictionary<Guid, string>(), null, null);

    /// <param name="Intake">How it came in; null for a case the company opened.</param>
    /// <param name="TakenBy">Name of the member of staff who took it.</param>
    /// <param name="Parked">Work orders whose sending was given up, and why.</param>
    public sealed record Sheets(
        ShowOffboarding.View? Offboarding, ListDisputes.View? Disputes, IReadOnlyList<FormalityReader.Line> Formalities, ShowAftermath.View? Aftermath, IReadOnlyDictionary<Guid, string> Parked,
        Intakes.IntakeProofs.View? Intake, string? TakenBy)
    {
        /// <summary>What comes back of an order; null in every other case.</summary>
        public Returns.ReturnView? Return { get; init; }

        /// <summary>Claims on the policy; null where there is no contract.</summary>
        public Claims.ListClaims.View? Claims { get; init; }

        /// <summary>What becomes of the customer's data; null where nobody is known.</summary>
        public Erasure.ShowCaseData.View? Data { get; init; }
    }

    public async Task<Sheets> Of(ExitCase exit, Call call, CancellationToken ct)
    {
        var came = await intakes.Of(exit, ct);
        var taker = came is { TakenBy.Length: > 0 } ? (await staff.Names([came.TakenBy], ct)).Values.FirstOrDefault() : null;
        if (exit.CustomerId is null)
            return None with { Intake = came, TakenBy = taker };
        var own = exit.Kind == CaseKind.Offboarding ? await offboarding.Run(call, new(exit.Id), ct) : default;
        var (contested, handed, after) = (await disputes.Run(call, new(exit.Id), ct), await formalities.Run(call, new(exit.Id), ct), await aftermath.Run(call, new(exit.Id), ct));
        var sent = await db.WorkOrders.AsNoTracking().Where(w => w.CaseId == exit.Id && w.System != null && w.DoneAt == null).ToListAsync(ct);
        return new Sheets(
            own is { Refusal: null } && exit.Kind == CaseKind.Offboarding ? own.Value : null, contested.Succeeded ? contested.Value : null, handed.Succeeded ? handed.Value.Items : [], after.Succeeded ? after.Value : null,
            await ListWork.Parked(db, sent, ct), came, taker)
        {
            Return = exit.OrderId is not null && await returns.Run(call, new(exit.Id), ct) is { Succeeded: true, Value: var back } ? back : null,
            Claims = exit.ContractId is not null && await claims.Run(call, new(exit.Id), ct) is { Succeeded: true, Value: var known } ? known : null,
            Data = await data.Run(call, new(exit.Id), ct) is { Succeeded: true, Value: var kept } ? kept : null,
        };
    }
}
