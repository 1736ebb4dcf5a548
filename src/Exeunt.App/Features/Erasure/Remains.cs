using Exeunt.App.Data;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// The sealed values of one class that are left after its keys are destroyed: nobody can read them any more, and they go from the
/// living database too; with the class Case also the numbers of invoices and the name of an organisation. For many people at once, by statements, not by rows.
/// </summary>
public static class Remains
{
    /// <summary>Most people of one call: the numbers stand in the statements.</summary>
    public const int AtOnce = 500;

    /// <summary>Setting: <see cref="Version"/> of the clearing that everything in the ledger went through.</summary>
    public const string ClearedSetting = "erasures.cleared-by";

    /// <summary>Rises when the clearing of the class Case learns of another column; <see cref="ClearAgain"/> then clears that one.</summary>
    private const string Version = "2";

    /// <summary>
    /// Clears what an earlier version left of the class Case of whom it erased, once: only the columns that it did not know of, each in one statement
    /// whatever the size of the ledger. Returns how many rows were left.
    /// </summary>
    public static async Task<int> ClearAgain(AppDb db, Call call, CancellationToken ct)
    {
        if (await db.Settings.AsNoTracking().AnyAsync(s => s.Key == ClearedSetting && s.Value == Version, ct) || !await db.Erasures.AsNoTracking().AnyAsync(e => e.Class == DataClass.Case, ct))
            return 0;
        return await db.Write(async token =>
        {
            var erased = db.Erasures.Where(e => e.Class == DataClass.Case).Select(e => e.CustomerId);
            var cases = db.Cases.Where(c => c.CustomerId != null && erased.Contains(c.CustomerId.Value)).Select(c => c.Id);
            // Of columns that hold no null.
            byte[] nothing = [];
            var cleared = await db.Customers.Where(c => c.OrganisationName != null && erased.Contains(c.Id)).ExecuteUpdateAsync(s => s
                .SetProperty(c => c.OrganisationName, (string?)null).SetProperty(c => c.Version, c => c.Version + 1), token);
            cleared += await db.Set<DecisionRow>().Where(d => d.Data != nothing && cases.Contains(d.CaseId)).ExecuteUpdateAsync(s => s.SetProperty(d => d.Data, nothing), token);
            cleared += await db.Set<SpotDecision>().Where(d => (d.Data != nothing || d.Review != null) && erased.Contains(d.Subject)).ExecuteUpdateAsync(s => s
                .SetProperty(d => d.Data, nothing).SetProperty(d => d.Review, (byte[]?)null).SetProperty(d => d.Version, d => d.Version + 1), token);
            cleared += await db.Set<ReEntryRequest>().Where(r => (r.Words != nothing || r.Decision != null) && cases.Contains(r.CaseId)).ExecuteUpdateAsync(s => s
                .SetProperty(r => r.Words, nothing).SetProperty(r => r.Decision, (byte[]?)null).SetProperty(r => r.Version, r => r.Version + 1), token);
            await db.Put(ClearedSetting, Version, token);
            db.Audit(call, "erasures.cleared-again", "ledger", new { cleared });
            await db.SaveChangesAsync(token);
            return cleared;
        }, ct);
    }

    /// <summary>
    /// Clears one class of up to <see cref="AtOnce"/> subjects (customers, applications, feedback: each has a number of its own). To be
    /// called inside <see cref="AppDb.Write"/>, with the audit entry of its caller.
    /// </summary>
    public static async Task Clear(AppDb db, DataClass dataClass, IReadOnlyList<long> subjects, CancellationToken ct)
    {
        if (subjects.Count == 0)
            return;
        var customers = db.Customers.Where(c => subjects.Contains(c.Id));
        switch (dataClass)
        {
            case DataClass.Profile:
                await customers.Where(c => c.Profile != null || c.NumberToken != null).ExecuteUpdateAsync(s => s
                    .SetProperty(c => c.Profile, (byte[]?)null).SetProperty(c => c.NumberToken, (byte[]?)null).SetProperty(c => c.Version, c => c.Version + 1), ct);
                break;
            case DataClass.Payout:
                await customers.Where(c => c.Payout != null).ExecuteUpdateAsync(s => s.SetProperty(c => c.Payout, (byte[]?)null).SetProperty(c => c.Version, c => c.Version + 1), ct);
                break;
            case DataClass.Contact:
                await customers.Where(c => c.Contact != null).ExecuteUpdateAsync(s => s.SetProperty(c => c.Contact, (byte[]?)null).SetProperty(c => c.Version, c => c.Version + 1), ct);
                await db.FeedbackIndex.Where(f => subjects.Contains(f.Subject)).ExecuteUpdateAsync(s => s.SetProperty(f => f.Contact, (byte[]?)null).SetProperty(f => f.MailToken, (byte[]?)null), ct);
                break;
            case DataClass.Case:
                await customers.Where(c => c.Identity != null || c.OrganisationName != null).ExecuteUpdateAsync(s => s
                    .SetProperty(c => c.Identity, (byte[]?)null).SetProperty(c => c.OrganisationName, (string?)null).SetProperty(c => c.Version, c => c.Version + 1), ct);
                await db.Contracts.Where(c => subjects.Contains(c.CustomerId) && (c.Number != null || c.NumberToken != null)).ExecuteUpdateAsync(s => s
                    .SetProperty(c => c.Number, (byte[]?)null).SetProperty(c => c.NumberToken, (byte[]?)null).SetProperty(c => c.Version, c => c.Version + 1), ct);
                await db.Orders.Where(o => subjects.Contains(o.CustomerId) && (o.Number != null || o.NumberToken != null || o.InvoiceNumber != null)).ExecuteUpdateAsync(s => s
                    .SetProperty(o => o.Number, (byte[]?)null).SetProperty(o => o.NumberToken, (byte[]?)null).SetProperty(o => o.InvoiceNumber, (string?)null).SetProperty(o => o.Version, o => o.Version + 1), ct);
                var cases = db.Cases.Where(c => c.CustomerId != null && subjects.Contains(c.CustomerId.Value)).Select(c => c.Id);
                await db.Returns.Where(r => r.CreditNote != null && cases.Contains(r.CaseId)).ExecuteUpdateAsync(s => s
                    .SetProperty(r => r.CreditNote, (string?)null).SetProperty(r => r.Version, r => r.Version + 1), ct);
                // Of columns that hold no null.
                byte[] nothing = [];
                await db.Set<DecisionRow>().Where(d => d.Data != nothing && cases.Contains(d.CaseId)).ExecuteUpdateAsync(s => s.SetProperty(d => d.Data, nothing), ct);
                // Of refusals at admission the subject is a number of their own.
                await db.Set<SpotDecision>().Where(d => subjects.Contains(d.Subject) && (d.Data != nothing || d.Review != null)).ExecuteUpdateAsync(s => s
                    .SetProperty(d => d.Data, nothing).SetProperty(d => d.Review, (byte[]?)null).SetProperty(d => d.Version, d => d.Version + 1), ct);
                await db.Set<ReEntryRequest>().Where(r => (r.Words != nothing || r.Decision != null) && cases.Contains(r.CaseId)).ExecuteUpdateAsync(s => s
                    .SetProperty(r => r.Words, nothing).SetProperty(r => r.Decision, (byte[]?)null).SetProperty(r => r.Version, r => r.Version + 1), ct);
                await db.FeedbackIndex.Where(f => subjects.Contains(f.Subject)).ExecuteUpdateAsync(s => s.SetProperty(f => f.Typed, (byte[]?)null), ct);
                await db.FeedbackEntries.Where(e => e.Words != null && db.FeedbackIndex.Any(f => f.FeedbackId == e.FeedbackId && subjects.Contains(f.Subject)))
                    .ExecuteUpdateAsync(s => s.SetProperty(e => e.Words, (byte[]?)null), ct);
                break;
        }
        var details = Enum.GetValues<DetailKind>().Where(k => PendingDetails.ClassOf(k) == dataClass).ToList();
        await db.Set<PendingDetails>().Where(d => subjects.Contains(d.CustomerId) && d.Data != null && details.Contains(d.Kind))
            .ExecuteUpdateAsync(s => s.SetProperty(d => d.Data, (byte[]?)null).SetProperty(d => d.Version, d => d.Version + 1), ct);
        if (dataClass == DataClass.Payout)
            await db.Set<OrderPayment>().Where(p => p.Reference != null && db.Orders.Any(o => o.Id == p.OrderId && subjects.Contains(o.CustomerId))).ExecuteUpdateAsync(s => s.SetProperty(p => p.Reference, (byte[]?)null), ct);
        await db.Documents.Where(d => subjects.Contains(d.Subject) && d.Class == dataClass).ExecuteDeleteAsync(ct);
        await db.Mails.Where(m => subjects.Contains(m.Subject) && m.Class == dataClass).ExecuteDeleteAsync(ct);
        await db.Texts.Where(t => subjects.Contains(t.Subject) && t.Class == dataClass).ExecuteDeleteAsync(ct);
    }
}
