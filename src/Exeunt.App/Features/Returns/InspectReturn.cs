using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Returns;

namespace Exeunt.App.Features.Returns;

/// <summary>
/// What came back, line by line: accepted and rejected pieces, condition, findings that the customer reads. What is deducted follows from the
/// condition by the published table. Whoever took the return in, or looked at it before, does not look at it.
/// </summary>
public sealed class InspectReturn(AppDb db, CaseDesk desk, ReturnCases cases, ReturnPolicies policies, CaseTexts texts) : UseCase<InspectReturn.Request, Done>(db)
{
    /// <param name="Finding">For the customer; needed where something is rejected or deducted.</param>
    /// <param name="FateOn">Until when what is rejected is kept, or by when it is sent back.</param>
    public sealed record Looked(int Line, int Accepted, int Rejected, ReturnedCondition? Condition = null, RejectGround? Ground = null, string? Finding = null, RejectedFate? Fate = null, DateOnly? FateOn = null);

    public sealed record Request(Guid CaseId, IReadOnlyList<Looked>? Lines);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await cases.Find(request.CaseId, call, Needs, ct) is not { } found)
            return CommonRefusals.NotFound;
        var (exit, row, order) = found;
        if (exit.CannotInspect(call.Actor.Id) is { } cannot)
            return cannot;
        if (row.NotBy?.Split(' ').Contains(call.Actor.Id) == true)
            return ReturnRefusals.InspectedBefore;
        var policy = await policies.Current(ct);
        var today = call.Today(order.Zone);
        if (request.Lines is null || request.Lines.Any(l => l is null) || request.Lines.Select(l => l.Line).Distinct().Count() != row.Lines.Count || request.Lines.Count != row.Lines.Count)
            return ReturnRefusals.LinesMissing;
        foreach (var looked in request.Lines)
        {
            if (row.Lines.FirstOrDefault(l => l.Line == looked.Line) is not { } line)
                return ReturnRefusals.LinesMissing;
            if (looked.Accepted < 0 || looked.Rejected < 0 || (long)looked.Accepted + looked.Rejected > line.Quantity)
                return ReturnRefusals.CountsWrong(line.Line);
            if (looked.Accepted > 0 && (looked.Condition is not { } there || !Enum.IsDefined(there)))
                return ReturnRefusals.ConditionMissing(line.Line);
            if (looked.Finding is { Length: > LeaveMessage.Max })
                return CommonRefusals.TooLong($"finding-{line.Line}", LeaveMessage.Max);
            // What was faulty when it was sold is not deducted for being so; nor does who was not told of the right pay for having used it.
            var share = looked.Accepted > 0 && line.Basis != ReturnBasis.Fault && !(line.Rule == ReturnRights.Europe && order.InformedOn is null) ? policy.DeductionFor(looked.Condition!.Value) : Rate.Zero;
            if (looked.Rejected > 0 && (looked.Ground is not { } ground || !Enum.IsDefined(ground) || looked.Fate is not { } fate || !Enum.IsDefined(fate)))
                return ReturnRefusals.GroundMissing(line.Line);
            if ((looked.Rejected > 0 || !share.Numerator.IsZero) && string.IsNullOrWhiteSpace(looked.Finding))
                return ReturnRefusals.GroundMissing(line.Line);
            if (looked.Rejected > 0 && (looked.FateOn is not { } day || day < today || day > today.AddDays(90)))
                return ReturnRefusals.FateDay(line.Line);
            if (Take(order, line, looked, share) is { } no)
                return no;
            if (!string.IsNullOrWhiteSpace(looked.Finding))
                line.FindingId = await texts.Stage(exit, "return", looked.Finding.Trim(), ct);
        }
        row.Version++;
        Db.Audit(call, "return.inspected", $"case:{exit.Id:N}", new { accepted = row.Lines.Sum(l => l.Accepted), rejected = row.Lines.Sum(l => l.Rejected) });
        if (exit.InspectReturn(row.Lines.Sum(l => l.Accepted ?? 0), row.Lines.Sum(l => l.Rejected ?? 0), call.Actor.Id) is { } refused)
            return refused;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }

    /// <summary>Writes a line's result. A second look never takes away what the first one gave.</summary>
    private static Refusal? Take(Orders.Order order, ReturnLine line, Looked looked, Rate share)
    {
        (line.Accepted, line.Rejected) = (looked.Accepted, looked.Rejected);
        line.Condition = looked.Accepted > 0 ? looked.Condition : null;
        (line.Ground, line.Fate, line.FateOn) = looked.Rejected > 0 ? (looked.Ground, looked.Fate, looked.FateOn) : (null, null, null);
        line.DeductedShare = share.Numerator.IsZero ? null : share.ToString();
        if (looked.Accepted < line.AcceptedBefore)
            return ReturnRefusals.LessThanBefore(line.Line);
        var sold = order.Lines.Single(l => l.Number == line.Line);
        var more = ReturnAmounts.Of(sold.Sold(order.Currency), sold.Refunded, looked.Accepted - line.AcceptedBefore, line.OutwardFreight);
        var goods = new Money(line.GoodsBefore, order.Currency) + more.Goods;
        return line.AcceptedBefore > 0 && ReturnAmounts.Deduction(goods, share).Minor - line.DeductedBefore > more.Goods.Minor ? ReturnRefusals.LessThanBefore(line.Line) : null;
    }
}
