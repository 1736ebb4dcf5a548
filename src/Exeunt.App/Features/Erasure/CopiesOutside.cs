using Exeunt.App.Data;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// The wind-down of copies outside: for every connected system that may hold some, a work order to erase them, with a due date, confirmed by
/// name. What is asked names the customer by our number only.
/// </summary>
public sealed class CopiesOutside(AppDb db)
{
    /// <summary>Days until a copy must be gone.</summary>
    public const int Days = 30;

    private const string Task = "erase-copy:";

    /// <summary>What became of the copy at a system.</summary>
    public sealed record Copy(string System, DateOnly DueOn, DateTimeOffset? DoneAt);

    /// <summary>Stages the orders of a case; those there already stay.</summary>
    public async Task Stage(Guid caseId, long customer, Call call, CancellationToken ct)
    {
        var known = await db.WorkOrders.AsNoTracking().Where(w => w.CaseId == caseId && w.Task.StartsWith(Task)).Select(w => w.Task).ToListAsync(ct);
        foreach (var system in await db.Set<ConnectedSystem>().AsNoTracking().Where(s => s.IsActive).OrderBy(s => s.Name).Take(200).ToListAsync(ct))
        {
            var task = TaskOf(system.Name);
            if (known.Contains(task))
                continue;
            db.WorkOrders.Add(new WorkOrder
            {
                Id = Guid.CreateVersion7(), CaseId = caseId, Task = task, English = $"Erase the copies at {system.Name} (customer K-{customer})", Chinese = $"删除 {system.Name} 中的副本（客户 K-{customer}）",
                Department = Role.Technical, Irreversible = true, DueOn = call.Today(Clocks.CompanyZone).AddDays(Days), CreatedAt = call.Now,
            });
            db.Audit(call, "erasure.copy-asked", $"customer:{customer}", new { caseId, system = system.Name });
        }
    }

    public async Task<IReadOnlyList<Copy>> Of(Guid caseId, CancellationToken ct) =>
        [.. (await db.WorkOrders.AsNoTracking().Where(w => w.CaseId == caseId && w.Task.StartsWith(Task)).OrderBy(w => w.Task).Take(200).ToListAsync(ct)).Select(w => new Copy(w.Task[Task.Length..], w.DueOn, w.DoneAt))];

    /// <summary>At most 60 characters, as the table takes.</summary>
    private static string TaskOf(string system) => Task + (system.Length > 60 - Task.Length ? system[..(60 - Task.Length)] : system);
}
