using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Customers;

/// <summary>Under which key words about a customer are sealed, of a case or of a request.</summary>
internal static class CustomerWords
{
    /// <summary>What words die with, from what goes first to what goes last.</summary>
    private static readonly DataClass[] Classes = [DataClass.Profile, DataClass.Contact, DataClass.Case];

    /// <summary>
    /// The first that is still there: the profile, after it the contact, after that the name. The customer is asked and no case of theirs: another one,
    /// or a request, may have erased them. Null: all that is erased, and no words are kept.
    /// </summary>
    /// <param name="first">Contact: what outlives the profile anyway, and dies with the contact also while the profile is there.</param>
    public static async Task<DataClass?> ClassOf(Customer customer, DataClass first, Vault vault, CancellationToken ct)
    {
        foreach (var dataClass in Classes.SkipWhile(c => c != first))
            if ((dataClass != DataClass.Profile || customer.ErasedAt is null) && !await vault.IsErased(customer.Id, dataClass, ct))
                return dataClass;
        return null;
    }

    /// <summary>Words about customers by id, as staff may read them: erased and locked ones are left out.</summary>
    public static async Task<Dictionary<Guid, string>> Shown(IEnumerable<Guid?> ids, AppDb db, Vault vault, Locks locks, CancellationToken ct)
    {
        var wanted = ids.OfType<Guid>().Distinct().ToList();
        var read = new Dictionary<Guid, string>();
        if (wanted.Count == 0)
            return read;
        var texts = await db.Texts.AsNoTracking().Where(t => wanted.Contains(t.Id)).ToListAsync(ct);
        var locked = await locks.Of([.. texts.Where(t => t.Class is DataClass.Case or DataClass.Legal).Select(t => t.Subject).Distinct()], ct);
        foreach (var text in texts.Where(t => t.Class is not (DataClass.Case or DataClass.Legal) || !locked.ContainsKey(t.Subject)))
            if (await vault.Open<string>(text.Subject, text.Class, PersonalText.Place, text.Id.ToString("N"), text.Data, ct) is { } words)
                read[text.Id] = words;
        return read;
    }
}
