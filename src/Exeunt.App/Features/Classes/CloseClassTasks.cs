using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Classes;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>
/// Says of tasks that they are done, or skipped this time for a stated reason; a recurring step is then due again after its days, as the
/// scheme in force says it. Of many, those that somebody closed meanwhile are left as they are.
/// </summary>
public sealed class CloseClassTasks(AppDb db, ClassBook book) : UseCase<CloseClassTasks.Request, CloseClassTasks.Closed>(db)
{
    public const int Max = 200;

    /// <param name="Reason">Why it is skipped; null: it is done.</param>
    public sealed record Request(IReadOnlyList<Guid> Tasks, bool IsDone, SkipReason? Reason = null);

    /// <param name="Count">Closed now.</param>
    /// <param name="Already">Closed before.</param>
    /// <param name="Next">Due again.</param>
    public sealed record Closed(int Count, int Already, int Next);

    public override Permission Needs => Permission.DecideListings;

    protected override async Task<Outcome<Closed>> Handle(Call call, Request request, CancellationToken ct)
    {
        var ids = request.Tasks.Distinct().ToList();
        if (ids.Count is 0 or > Max)
            return ClassRefusals.NoTasks;
        if (!request.IsDone && (request.Reason is not { } reason || !Enum.IsDefined(reason)))
            return ClassRefusals.NoReason;
        var units = (await VisibleUnits.Of(Db, call.Actor, Needs, ct)).Ids(null);
        var tasks = await Db.ClassTasks.Where(t => ids.Contains(t.Id) && Db.Customers.Judged().Any(c => c.Id == t.CustomerId && units.Contains(c.UnitId))).ToListAsync(ct);
        if (tasks.Count < ids.Count)
            return CommonRefusals.NotFound;
        var open = tasks.Where(t => t.State == ClassTaskState.Open).ToList();
        if (open.Count == 0)
            return ClassRefusals.Closed;
        var today = call.Today(Clocks.CompanyZone);
        var schemes = (await book.InForce(today, ct)).ToDictionary(s => s.Id, StringComparer.Ordinal);
        var customers = open.Select(t => t.CustomerId).Distinct().ToList();
        var members = (await Db.ClassMembers.AsNoTracking().Where(m => customers.Contains(m.CustomerId)).ToListAsync(ct)).ToDictionary(m => (m.SchemeId, m.CustomerId), m => m.Class);
        var next = 0;
        foreach (var task in open)
        {
            (task.State, task.Skipped, task.ClosedOn, task.ClosedBy) = (request.IsDone ? ClassTaskState.Done : ClassTaskState.Skipped, request.IsDone ? null : request.Reason, today, call.Actor.Id);
            task.Revision++;
            // Only while the customer is in the class, and the plan still asks for it.
            if (members.GetValueOrDefault((task.SchemeId, task.CustomerId)) != task.Class || schemes.GetValueOrDefault(task.SchemeId) is not { } scheme || scheme.Class(task.Class)?.Step(task.Step)?.NextDue(today) is not { } due)
                continue;
            Db.ClassTasks.Add(new ClassTask { Id = Guid.CreateVersion7(), SchemeId = task.SchemeId, SchemeVersion = scheme.Version, Class = task.Class, Step = task.Step, CustomerId = task.CustomerId, DueOn = due });
            next++;
        }
        Db.Audit(call, request.IsDone ? "class-tasks.done" : "class-tasks.skipped", "classes", new { tasks = open.Select(t => t.Id), customers, request.Reason });
        return await Commit(new Closed(open.Count, tasks.Count - open.Count, next), ct);
    }
}
