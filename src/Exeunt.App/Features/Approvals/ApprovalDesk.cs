using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Approvals;

/// <summary>One approval that somebody could give: for which role, and for whom when they stand in.</summary>
/// <param name="WhyNot">Why not now; null: they can.</param>
public sealed record Seat(ApprovalSubject Of, Role Role, string Digest, Delegations.Absent? For, Refusal? WhyNot);

/// <summary>Who may approve in a case: role, unit, scope and delegation beside what the case itself says.</summary>
public sealed class ApprovalDesk(AppDb db, Delegations delegations)
{
    public async Task<string?> UnitPath(ExitCase exit, CancellationToken ct) =>
        exit.UnitId is { } unit ? await db.Units.AsNoTracking().Where(u => u.Id == unit).Select(u => u.Path).SingleAsync(ct) : null;

    /// <summary>The approvals of open rounds that concern the caller, their own and those they stand in for.</summary>
    public async Task<IReadOnlyList<Seat>> Seats(ExitCase exit, Call call, CancellationToken ct)
    {
        if (exit.IsClosed || exit.Rounds.All(r => r.IsComplete))
            return [];
        var path = await UnitPath(exit, ct) ?? "";
        var absent = await delegations.For(call, ct);
        var seats = new List<Seat>();
        foreach (var round in exit.Rounds.Where(r => !r.IsComplete && !exit.Step(r.Step).HasEnded))
            foreach (var role in round.Stages.SelectMany(s => s).SelectMany(a => a.AnyOf).Distinct())
            {
                if (Holds(call.Actor, role, round, path))
                    seats.Add(new(round.Of, role, round.Digest, null, exit.CannotApprove(round.Of, role, call.Actor.Id)));
                foreach (var person in absent.Where(a => a.Role == role && Holds(a.Actor, role, round, path)))
                    seats.Add(new(round.Of, role, round.Digest, person, exit.CannotApprove(round.Of, role, call.Actor.Id, person.Actor.Id)));
            }
        return seats;
    }

    /// <summary>The role of their own in which the caller can act in an open round now; else why they cannot.</summary>
    /// <param name="only">Only this role counts; null: any.</param>
    public async Task<Outcome<Role>> RoleIn(ExitCase exit, ApprovalSubject of, Call call, CancellationToken ct, Role? only = null)
    {
        var seats = (await Seats(exit, call, ct)).Where(s => s.Of == of && s.For is null && (only is null || s.Role == only)).ToList();
        if (seats.FirstOrDefault(s => s.WhyNot is null) is { } seat)
            return seat.Role;
        // Without a seat the case itself says what there is to approve, and for whom.
        return seats.Count > 0 ? seats[0].WhyNot! : exit.CannotApprove(of, only ?? Role.Administrator, call.Actor.Id) ?? CaseRefusals.NotYourApproval;
    }

    /// <summary>Why somebody may not act for a role in a round, by who they are; null when they may. The case says the rest.</summary>
    public async Task<(Refusal? No, string? OnBehalfOf)> MayActAs(ExitCase exit, ApprovalSubject of, Role role, Guid? onBehalfOf, Call call, CancellationToken ct)
    {
        if (exit.Round(of) is not { } round)
            return (null, null);
        var path = await UnitPath(exit, ct) ?? "";
        if (onBehalfOf is not { } away)
            return (Holds(call.Actor, role, round, path) ? null : ApprovalRefusals.NotYourRole(role), null);
        var person = (await delegations.For(call, ct)).FirstOrDefault(a => a.Id == away && a.Role == role);
        return person is null ? (ApprovalRefusals.NotTheirStandIn, null)
            : Holds(person.Actor, role, round, path) ? (null, person.Actor.Id)
            : (ApprovalRefusals.NotYourRole(role), null);
    }

    /// <summary>Whether the person holds the role for the case's unit, or for the whole company where the place asks for it.</summary>
    private static bool Holds(Actor actor, Role role, ApprovalRound round, string path)
    {
        var place = round.PlaceFor(role) is { } open ? round.Stages[round.Stage][open] : round.Stages.SelectMany(s => s).FirstOrDefault(a => a.AnyOf.Contains(role));
        return place?.Scope == ApproverScope.Company ? actor.Roles.Any(r => r.Role == role && r.UnitPath.Count(c => c == '.') == 1) : actor.Has(role, path);
    }
}

public static class ApprovalRefusals
{
    public static Refusal NotYourRole(Role role) => new(RefusalKind.Forbidden, "approval.not-your-role",
        $"This is for: {ProcedureWords.Of(role).English}, in the case's unit or above it, or for the whole company where the matrix says so.", $"须由案件所属单位或上级单位的{ProcedureWords.Of(role).Chinese}办理；审批矩阵要求时须为全公司范围。");

    public static readonly Refusal NotTheirStandIn = new(RefusalKind.Forbidden, "approval.not-their-stand-in",
        "You do not stand in for this person in this role today.", "您今日未获该人员此角色的委托。");
}
