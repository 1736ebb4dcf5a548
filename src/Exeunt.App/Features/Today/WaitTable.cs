using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Today;

/// <summary>
/// One thing a case waits for that a person is to do (待办), kept beside the case in the same transaction
/// (<see cref="Data.CaseDesk.Stage"/>), so that the inbox is one look into an index. It says in a row what
/// <see cref="ExitCase.Waits"/> says of people.
/// </summary>
public sealed class WaitRow
{
    /// <summary>The due time of what has no date: after every other.</summary>
    public static readonly DateTimeOffset NoDate = new(9999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary><see cref="Waiting.What"/> of an approval.</summary>
    public const string Approve = "approve";

    public long Id { get; init; }
    public required Guid CaseId { get; init; }

    /// <summary>Unique in the case: the step or what is waited for; of an approval with its place.</summary>
    public required string Key { get; init; }

    /// <summary>What is to be done: <see cref="Waiting.What"/>, of a hold without its reason.</summary>
    public required string What { get; init; }

    /// <summary>The roles that may, one bit each (<see cref="BitOf"/>); 0 when it waits for one person.</summary>
    public int Roles { get; set; }

    /// <summary>For roles of which unit; null: of the whole company.</summary>
    public int? UnitId { get; set; }

    /// <summary>The one person it waits for: who was asked, or who has the case where it is theirs to do; "" for everybody with the role.</summary>
    public string AssignedTo { get; set; } = "";

    /// <summary>Business time by which it is to be done (exclusive); <see cref="NoDate"/> when there is none.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>0 before 1: customers who come first among things due at the same time.</summary>
    public int Priority { get; set; }
    public DateTimeOffset Since { get; set; }

    /// <summary>Actors who may not do it though their role may (who asked for the approval, who took part); separated by spaces.</summary>
    public string Barred { get; set; } = "";

    public static int BitOf(Role role) => 1 << (int)role;

    /// <summary>The rows of everything a case waits for people to do.</summary>
    /// <param name="due">When an open step is due; null: it has no due time.</param>
    public static IEnumerable<WaitRow> Of(ExitCase exit, Func<string, DateTimeOffset?> due)
    {
        foreach (var waiting in exit.Waits.Where(w => w.For == WaitsFor.Staff))
        {
            if (waiting.What == Approve && exit.Rounds.FirstOrDefault(r => r.Step == waiting.Step) is { } round)
            {
                // Each missing approval is a thing of its own, for those who may give it.
                var place = 0;
                foreach (var approver in round.Missing)
                    yield return Of(exit, waiting, $"{waiting.Step}:{place++}", approver.AnyOf, approver.Scope == ApproverScope.Company ? null : exit.UnitId, $"{exit.Requesters} {string.Join(' ', round.People)}", due);
            }
            else
            {
                // Who took part does not judge an objection or an appeal.
                var barred = waiting.What is "objection" or "appeal" ? $"{exit.Requesters} {exit.Deciders} {exit.AssignedTo}" : "";
                yield return Of(exit, waiting, waiting.Step ?? waiting.What, waiting.Roles, exit.UnitId, barred, due);
            }
        }
    }

    private static WaitRow Of(ExitCase exit, Waiting waiting, string key, IReadOnlyList<Role> roles, int? unit, string barred, Func<string, DateTimeOffset?> due) =>
        new()
        {
            CaseId = exit.Id, Key = key, What = waiting.What.Split(':')[0], Roles = roles.Aggregate(0, (bits, role) => bits | BitOf(role)), UnitId = unit,
            AssignedTo = waiting.Person ?? (roles.Contains(Role.Agent) || roles.Contains(Role.AccountManager) ? exit.AssignedTo : null) ?? "",
            DueAt = DueOf(exit, waiting, due), Priority = exit.Tier == "Vip" ? 0 : 1, Since = waiting.Since ?? exit.BusinessReceivedAt, Barred = barred.Trim(),
        };

    /// <summary>When the step is due; without a due time the last service day, of what is to be done before it; of an observation its last day, of an appeal the day of its answer.</summary>
    private static DateTimeOffset DueOf(ExitCase exit, Waiting waiting, Func<string, DateTimeOffset?> due)
    {
        if (waiting.Step is { } step && due(step) is { } at)
            return at;
        var last = waiting.What switch
        {
            "talk" or "offer" or "objection" or Approve => exit.EffectiveOn,
            "appeal" => exit.AppealAnswerBy,
            "cure-period" => exit.CureUntil,
            _ => null,
        };
        return last is { } day ? Clocks.StartOf(day.AddDays(1), exit.Zone ?? Clocks.CompanyZone) : NoDate;
    }

    /// <summary>Takes over what another row of the same key says; returns whether anything changed.</summary>
    public bool Become(WaitRow other)
    {
        var before = (Roles, UnitId, AssignedTo, DueAt, Priority, Since, Barred);
        (Roles, UnitId, AssignedTo, DueAt, Priority, Since, Barred) = (other.Roles, other.UnitId, other.AssignedTo, other.DueAt, other.Priority, other.Since, other.Barred);
        return before != (Roles, UnitId, AssignedTo, DueAt, Priority, Since, Barred);
    }
}

internal sealed class WaitTable : IEntityTypeConfiguration<WaitRow>
{
    public void Configure(EntityTypeBuilder<WaitRow> table)
    {
        table.ToTable("waits");
        table.HasKey(w => w.Id);
        table.Property(w => w.Id).ValueGeneratedOnAdd();
        table.Property(w => w.Key).HasMaxLength(80);
        table.Property(w => w.What).HasMaxLength(40);
        table.Property(w => w.AssignedTo).HasMaxLength(80);
        table.HasIndex(w => new { w.CaseId, w.Key }).IsUnique();
        // The inbox: of one set of roles, mine or nobody's, by urgency; units are compared in the index.
        table.HasIndex(w => new { w.Roles, w.AssignedTo, w.DueAt, w.Priority, w.Id, w.UnitId, w.What });
        // A unit's things, whoever has them; and what is due before a date, for the list of cases.
        table.HasIndex(w => new { w.Roles, w.DueAt, w.Priority, w.Id, w.UnitId });
        table.HasIndex(w => new { w.DueAt, w.CaseId });
    }
}
