using Exeunt.App.Data;
using Exeunt.App.Features.Standards;
using Exeunt.Core.Classes;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Classes;

/// <summary>Keeps the classes of a range of customers as an evaluation finds them, and what their plans ask: only what changed is written, and each change stays.</summary>
internal sealed class ClassMembers(AppDb db, ClassBook book)
{
    private readonly Dictionary<(string Scheme, long Customer), ClassMember> _members = [];
    private readonly Dictionary<(string Scheme, long Customer), ClassChange> _today = [];
    private readonly Dictionary<(string Scheme, long Customer), List<ClassTask>> _open = [];
    private Dictionary<(string Id, int Version), Scheme> _before = [];

    /// <summary>Customers whose class changed.</summary>
    public int Moved { get; private set; }

    /// <summary>Tasks made, and tasks that lapsed.</summary>
    public int Made { get; private set; }

    public int Lapsed { get; private set; }

    /// <summary>Stages the changes of a range; the caller saves.</summary>
    /// <param name="schemes">Every scheme in force with the cuts of this evaluation.</param>
    /// <param name="customers">The range, also those without a history.</param>
    /// <param name="from">First customer of the range (inclusive).</param>
    /// <param name="until">Last customer (inclusive).</param>
    public async Task Stage(IReadOnlyList<(CompiledScheme Scheme, SchemeCuts Cuts)> schemes, StandardBase customers, long from, long until, DateOnly on, CancellationToken ct)
    {
        foreach (var member in await db.ClassMembers.Where(m => m.CustomerId >= from && m.CustomerId <= until).ToListAsync(ct))
            _members[(member.SchemeId, member.CustomerId)] = member;
        foreach (var change in await db.ClassChanges.Where(c => c.On == on && c.CustomerId >= from && c.CustomerId <= until).ToListAsync(ct))
            _today[(change.SchemeId, change.CustomerId)] = change;
        foreach (var task in await db.ClassTasks.Where(t => t.State == ClassTaskState.Open && t.CustomerId >= from && t.CustomerId <= until).ToListAsync(ct))
            OpenOf(task.SchemeId, task.CustomerId).Add(task);
        _before = await book.Of(_members.Values.Select(m => (m.SchemeId, m.SchemeVersion)), ct);
        var left = _members.Keys.ToHashSet();
        var reader = customers.NewReader();
        for (var i = 0; i < customers.Count; i++)
        {
            reader.Open(i);
            var values = reader.At(on);
            foreach (var (scheme, cuts) in schemes)
            {
                left.Remove((scheme.Scheme.Id, customers.Id(i)));
                Set(scheme.Scheme, customers.Id(i), scheme.ClassOf(ref values, reader.Traits, cuts), on);
            }
        }
        // Who is not evaluated any more (restricted, objected, erased) has no class.
        foreach (var (scheme, customer) in left)
            Leave(_members[(scheme, customer)], on);
        foreach (var member in _restored)
            member.Since = await db.ClassChanges.Where(c => c.SchemeId == member.SchemeId && c.CustomerId == member.CustomerId && c.On < on).MaxAsync(c => (DateOnly?)c.On, ct) ?? on;
    }

    private readonly List<ClassMember> _restored = [];

    private void Set(Scheme scheme, long customer, SchemeClass? now, DateOnly on)
    {
        var member = _members.GetValueOrDefault((scheme.Id, customer));
        // A part of an earlier evaluation that comes late does not undo what a newer version found.
        if (member?.SchemeVersion > scheme.Version)
            return;
        if (now is null)
        {
            if (member is not null)
                Leave(member, on);
            return;
        }
        if (member is null)
        {
            member = new ClassMember { SchemeId = scheme.Id, CustomerId = customer, Class = now.Code, SchemeVersion = scheme.Version, Since = on };
            db.ClassMembers.Add(member);
            Changed(member, null, now.Code, on);
            Enter(scheme, now, now.Plan ?? [], customer, on);
        }
        else if (member.Class != now.Code)
        {
            Changed(member, member.Class, now.Code, on);
            Lapse(scheme.Id, customer, _ => true, on);
            (member.Class, member.Since, member.SchemeVersion) = (now.Code, on, scheme.Version);
            member.Revision++;
            Enter(scheme, now, now.Plan ?? [], customer, on);
        }
        else if (member.SchemeVersion != scheme.Version)
        {
            // Another version, the same class: what its plan does not ask any more lapses, what it asks newly begins now.
            var before = _before.GetValueOrDefault((member.SchemeId, member.SchemeVersion))?.Class(member.Class);
            Lapse(scheme.Id, customer, t => now.Step(t.Step) is null, on);
            Enter(scheme, now, (now.Plan ?? []).Where(s => before?.Step(s.Code) is null), customer, on);
            member.SchemeVersion = scheme.Version;
            member.Revision++;
        }
    }

    private void Leave(ClassMember member, DateOnly on)
    {
        Changed(member, member.Class, null, on);
        Lapse(member.SchemeId, member.CustomerId, _ => true, on);
        db.ClassMembers.Remove(member);
    }

    private void Changed(ClassMember member, string? from, string? to, DateOnly on)
    {
        Moved++;
        // Twice on one day, because facts came meanwhile: the day's last word counts.
        if (!_today.TryGetValue((member.SchemeId, member.CustomerId), out var seen))
            db.ClassChanges.Add(new ClassChange { SchemeId = member.SchemeId, CustomerId = member.CustomerId, On = on, From = from, To = to });
        else if (seen.From == to)
        {
            db.ClassChanges.Remove(seen);
            _restored.Add(member);
        }
        else
            seen.To = to;
    }

    private void Enter(Scheme scheme, SchemeClass now, IEnumerable<PlanStep> steps, long customer, DateOnly on)
    {
        foreach (var step in steps)
        {
            if (OpenOf(scheme.Id, customer).Any(t => t.Class == now.Code && t.Step == step.Code))
                continue;
            db.ClassTasks.Add(new ClassTask
            {
                Id = Guid.CreateVersion7(), SchemeId = scheme.Id, SchemeVersion = scheme.Version, Class = now.Code, Step = step.Code, CustomerId = customer, DueOn = step.FirstDue(on),
            });
            Made++;
        }
    }

    private void Lapse(string scheme, long customer, Func<ClassTask, bool> which, DateOnly on)
    {
        foreach (var task in OpenOf(scheme, customer).Where(which).ToList())
        {
            (task.State, task.ClosedOn) = (ClassTaskState.Lapsed, on);
            task.Revision++;
            OpenOf(scheme, customer).Remove(task);
            Lapsed++;
        }
    }

    private List<ClassTask> OpenOf(string scheme, long customer) => _open.TryGetValue((scheme, customer), out var tasks) ? tasks : _open[(scheme, customer)] = [];
}
