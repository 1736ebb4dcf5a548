using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>What of a customer is corrected.</summary>
public enum CorrectedField
{
    Name,
    ContactPerson,
    Mail,
    Phone,
    Address,
}

/// <summary>
/// What follows from a correction, so that it stays one. Of an old value a keyed hash is kept, by which an import that brings it again is recognised; it is
/// sealed with the class of what was corrected, and goes with it. The systems that may hold a copy are asked to correct theirs (GDPR 19).
/// </summary>
public sealed class Corrections(AppDb db, Vault vault, NumberTokens numbers)
{
    /// <summary>Days until a copy must be right.</summary>
    public const int Days = 30;

    /// <summary>The kind of the personal text that holds the hashes of a class.</summary>
    public const string Kind = "corrected";

    private const string Prefix = "correct-copy:";

    /// <summary>A value that was replaced.</summary>
    /// <param name="Old">Null: there was none.</param>
    public sealed record Change(CorrectedField Field, string? Old, string New);

    /// <summary>Stages what follows; the caller saves, with the customer's version raised.</summary>
    public async Task Stage(long customer, IEnumerable<Change> changes, Call call, CancellationToken ct)
    {
        var real = changes.Where(c => c.Old != c.New).ToList();
        if (real.Count == 0)
            return;
        foreach (var ofClass in real.GroupBy(c => ClassOf(c.Field)))
            await Remember(customer, ofClass.Key, [.. ofClass], ct);
        await AskForCopies(customer, [.. real.Select(c => c.Field).Distinct().Order()], call, ct);
    }

    /// <summary>The same, of another mail address or phone that counts from now on.</summary>
    /// <param name="old">Null: there was no contact.</param>
    /// <param name="now">What is null in it stays as it was.</param>
    public Task StageContact(long customer, CustomerContact? old, CustomerContact now, Call call, CancellationToken ct)
    {
        var changes = new List<Change>();
        if (now.Mail is { } mail)
            changes.Add(new(CorrectedField.Mail, old?.Mail, mail));
        if (now.Phone is { } phone)
            changes.Add(new(CorrectedField.Phone, old?.Phone, phone));
        return Stage(customer, changes, call, ct);
    }

    /// <summary>The hashes of what some customers had corrected.</summary>
    public static async Task<Dictionary<long, HashSet<string>>> Of(AppDb db, Vault vault, IReadOnlyCollection<long> customers, CancellationToken ct)
    {
        var all = new Dictionary<long, HashSet<string>>();
        var texts = await db.Texts.AsNoTracking().Where(t => customers.Contains(t.Subject) && t.Kind == Kind).ToListAsync(ct);
        foreach (var ofClass in texts.GroupBy(t => t.Class))
            foreach (var (customer, hashes) in await vault.OpenAll<string[]>(ofClass.Key, PersonalText.Place, [.. ofClass.Select(t => (t.Subject, t.Id.ToString("N"), t.Data))], ct))
            {
                if (!all.TryGetValue(customer, out var known))
                    all[customer] = known = new HashSet<string>(StringComparer.Ordinal);
                known.UnionWith(hashes);
            }
        return all;
    }

    /// <summary>
    /// Calls off, when customers are erased, what is still open of these orders: nothing is to be corrected any more, and orders to erase the copies take their
    /// place. To be called inside <see cref="AppDb.Write"/>, before the caller saves.
    /// </summary>
    public static async Task CallOff(AppDb db, IReadOnlyCollection<long> customers, Call call, CancellationToken ct)
    {
        var count = await db.WorkOrders.Where(w => w.CustomerId != null && customers.Contains(w.CustomerId.Value) && w.Task.StartsWith(Prefix) && w.DoneAt == null).ExecuteUpdateAsync(s => s
            .SetProperty(w => w.IsWaived, true).SetProperty(w => w.DoneBy, call.Actor.Id).SetProperty(w => w.DoneAt, (DateTimeOffset?)call.Now).SetProperty(w => w.Version, w => w.Version + 1), ct);
        if (count > 0)
            db.Audit(call, "data-request.copies-called-off", customers.Count == 1 ? $"customer:{customers.First()}" : "customers", new { count, reason = "erased" });
    }

    /// <summary>The hash by which a value of a customer is recognised, in the form in which all its spellings are the same; null: there is nothing in it to go by.</summary>
    public static string? HashOf(NumberTokens numbers, long customer, CorrectedField field, string value)
    {
        var normal = SearchStore.Normal(field switch { CorrectedField.Mail => TokenKind.Mail, CorrectedField.Phone => TokenKind.Phone, _ => TokenKind.Name }, value);
        return normal.Length == 0 ? null : Convert.ToHexStringLower(numbers.Of($"corrected|{customer}|{field}", normal));
    }

    private static DataClass ClassOf(CorrectedField field) => field is CorrectedField.Name or CorrectedField.ContactPerson ? DataClass.Case : DataClass.Contact;

    private async Task Remember(long customer, DataClass dataClass, List<Change> changes, CancellationToken ct)
    {
        var text = await db.Texts.SingleOrDefaultAsync(t => t.Subject == customer && t.Class == dataClass && t.Kind == Kind, ct);
        var hashes = new HashSet<string>(StringComparer.Ordinal);
        if (text is not null && await vault.Open<string[]>(customer, dataClass, PersonalText.Place, text.Id.ToString("N"), text.Data, ct) is { } known)
            hashes.UnionWith(known);
        // What is right again is no old value any more; a value of which only capitals or spaces changed stays one.
        foreach (var change in changes)
            if (HashOf(numbers, customer, change.Field, change.New) is { } right)
                hashes.Remove(right);
        foreach (var change in changes)
            if (change.Old is { } old && HashOf(numbers, customer, change.Field, old) is { } wrong)
                hashes.Add(wrong);
        var id = text?.Id ?? Guid.CreateVersion7();
        var data = await vault.Seal(customer, dataClass, PersonalText.Place, id.ToString("N"), hashes.Order(StringComparer.Ordinal).ToArray(), ct);
        if (text is null)
            db.Texts.Add(new PersonalText { Id = id, Subject = customer, Class = dataClass, Kind = Kind, Data = data });
        else
            text.Data = data;
    }

    /// <summary>
    /// Stages an order to each connected system for this correction: one of an earlier correction, be it done or open, may have been carried out by the page as it
    /// was then. It names the customer by our number and what was corrected, never the value: that stands on the customer's page, which supervisors may see.
    /// </summary>
    private async Task AskForCopies(long customer, IReadOnlyList<CorrectedField> fields, Call call, CancellationToken ct)
    {
        var known = await db.WorkOrders.AsNoTracking().Where(w => w.CustomerId == customer && w.Task.StartsWith(Prefix)).Select(w => w.Task).ToListAsync(ct);
        foreach (var system in await db.Set<ConnectedSystem>().AsNoTracking().Where(s => s.IsActive).OrderBy(s => s.Name).Take(ListSystems.Max).ToListAsync(ct))
        {
            var task = Prefix + system.Name;
            for (var next = 2; known.Contains(task); next++)
                task = $"{Prefix}{system.Name}:{next}";
            db.WorkOrders.Add(new WorkOrder
            {
                Id = Guid.CreateVersion7(), CustomerId = customer, Task = task, Department = Role.Supervisor, DueOn = call.Today(Clocks.CompanyZone).AddDays(Days), CreatedAt = call.Now,
                English = Words(Texts.English, ", "), Chinese = Words(Texts.Chinese, "、"),
            });
            db.Audit(call, "data-request.copy-asked", $"customer:{customer}", new { system = system.Name, fields });

            string Words(Texts t, string between) => t["data-request.correct-copy", system.Name, customer, string.Join(between, fields.Select(f => t.Of("data-request.field", f)))];
        }
    }
}
