using Exeunt.App.Data;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// The wind-down of copies outside: for every connected system that may hold some, a work order to erase them, with a due date, confirmed by
/// name. It belongs to the case that ended the customer or, where no case did, to the customer. What is asked names the customer by our number only.
/// </summary>
public sealed class CopiesOutside(AppDb db)
{
    /// <summary>Days until a copy must be gone.</summary>
    public const int Days = 30;

    private const string Task = "erase-copy:";

    /// <summary>What became of the copy at a system.</summary>
    public sealed record Copy(string System, DateOnly DueOn, DateTimeOffset? DoneAt);

    /// <summary>Stages the orders of a case; those there already stay.</summary>
    public Task Stage(Guid caseId, long customer, Call call, CancellationToken ct) => Stage(Asked(caseId), caseId, customer, call, ct);

    /// <summary>Stages the orders of a customer whom no case erased; those there already stay.</summary>
    public Task Stage(long customer, Call call, CancellationToken ct) => Stage(Asked(customer), null, customer, call, ct);

    private async Task Stage(IQueryable<WorkOrder> asked, Guid? caseId, long customer, Call call, CancellationToken ct)
    {
        var known = await asked.Select(w => w.Task).ToListAsync(ct);
        foreach (var system in await db.Set<ConnectedSystem>().AsNoTracking().Where(s => s.IsActive).OrderBy(s => s.Name).Take(200).ToListAsync(ct))
        {
            var task = Task + system.Name;
            if (known.Contains(task))
                continue;
            db.WorkOrders.Add(new WorkOrder
            {
                Id = Guid.CreateVersion7(), CaseId = caseId, CustomerId = caseId is null ? customer : null, Task = task, English = $"Erase the copies at {system.Name} (customer K-{customer})",
                Chinese = $"删除 {system.Name} 中的副本（客户 K-{customer}）", Department = Role.Technical, Irreversible = true, DueOn = call.Today(Clocks.CompanyZone).AddDays(Days), CreatedAt = call.Now,
            });
            db.Audit(call, "erasure.copy-asked", $"customer:{customer}", new { caseId, system = system.Name });
        }
    }

    /// <summary>
    /// With the last copy that is confirmed gone the certificate of erasure is issued anew, and says so; not while a search has to come, or found
    /// something: its own end certifies. Other orders change nothing.
    /// </summary>
    public async Task CertifyLast(WorkOrder confirmed, Call call, CancellationToken ct)
    {
        if (!confirmed.Task.StartsWith(Task, StringComparison.Ordinal))
            return;
        var open = await db.WorkOrders
            .Where(w => w.CaseId == confirmed.CaseId && w.CustomerId == confirmed.CustomerId && w.Task.StartsWith(Task) && w.Id != confirmed.Id && w.DoneAt == null).ToListAsync(ct);
        // Of two that are confirmed at once one looks again, and is the last.
        open.ForEach(o => o.Version++);
        var customer = confirmed.CustomerId ?? await db.Cases.AsNoTracking().Where(c => c.Id == confirmed.CaseId).Select(c => c.CustomerId!.Value).SingleAsync(ct);
        var searches = VerifyErasure.KeyOf(customer);
        if (open.Count > 0 || await db.Effects.AsNoTracking().AnyAsync(e => e.Key.StartsWith(searches) && (e.State == EffectState.Waiting || e.State == EffectState.Parked), ct))
            return;
        await IssueCertificates.Stage(db, confirmed.CaseId, customer, IssueCertificates.CopiesGone, call, ct);
    }

    public async Task<IReadOnlyList<Copy>> Of(Guid caseId, CancellationToken ct) => [.. (await Asked(caseId).OrderBy(w => w.Task).Take(200).ToListAsync(ct)).Select(CopyOf)];

    /// <summary>Of a customer whom no case erased.</summary>
    public async Task<IReadOnlyList<Copy>> Of(long customer, CancellationToken ct) => [.. (await Asked(customer).OrderBy(w => w.Task).Take(200).ToListAsync(ct)).Select(CopyOf)];

    /// <summary>Of several customers whom no case erased, in one question.</summary>
    public async Task<ILookup<long, Copy>> Of(IReadOnlyCollection<long> customers, CancellationToken ct) =>
        (await db.WorkOrders.AsNoTracking().Where(w => w.CustomerId != null && customers.Contains(w.CustomerId.Value) && w.Task.StartsWith(Task)).OrderBy(w => w.Task).ToListAsync(ct)).ToLookup(w => w.CustomerId!.Value, CopyOf);

    private IQueryable<WorkOrder> Asked(Guid caseId) => db.WorkOrders.AsNoTracking().Where(w => w.CaseId == caseId && w.Task.StartsWith(Task));

    private IQueryable<WorkOrder> Asked(long customer) => db.WorkOrders.AsNoTracking().Where(w => w.CustomerId == customer && w.Task.StartsWith(Task));

    private static Copy CopyOf(WorkOrder order) => new(order.Task[Task.Length..], order.DueOn, order.DoneAt);
}
