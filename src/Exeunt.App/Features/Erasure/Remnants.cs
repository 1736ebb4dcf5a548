using Exeunt.App.Data;
using Exeunt.App.Features.Feedback;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.Orders;
using Exeunt.App.Platform;
using Exeunt.Core.Feedback;
using Exeunt.Core.Retention;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// The second search: looks again, wherever something of a subject can lie, for what the erasure ledger says is gone: keys, sealed
/// values, search tokens, the number brought back; and for facts and orders where the customer's are said to be anonymised. It asks the tables
/// anew and trusts nothing that the erasure itself noted.
/// </summary>
public sealed class Remnants(AppDb db, KeyStore keys, SearchStore search)
{
    /// <summary>How much of the erased classes of a customer, and of their erased applications, is still there, by table; empty: nothing.</summary>
    public async Task<SortedDictionary<string, int>> Of(long customer, CancellationToken ct)
    {
        var found = new SortedDictionary<string, int>(StringComparer.Ordinal);
        void Add(string table, int count)
        {
            if (count > 0)
                found[table] = found.GetValueOrDefault(table) + count;
        }
        var ledger = await db.Erasures.AsNoTracking().Where(e => e.CustomerId == customer).ToListAsync(ct);
        DataClass[] gone = [.. ledger.Select(e => e.Class).Distinct()];
        var applied = await db.Cases.AsNoTracking().Where(c => c.CustomerId == customer && c.IntakeSubject < 0).Select(c => c.IntakeSubject).ToListAsync(ct);
        var intakes = await db.Erasures.AsNoTracking().Where(e => applied.Contains(e.CustomerId)).Select(e => e.CustomerId).Distinct().ToListAsync(ct);
        foreach (var dataClass in gone)
            Add("subject_keys", await keys.Find(customer, dataClass, ct) is null ? 0 : 1);
        foreach (var intake in intakes)
            Add("subject_keys", await keys.Find(intake, DataClass.Case, ct) is null ? 0 : 1);

        var row = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == customer, ct);
        bool Gone(DataClass dataClass) => gone.Contains(dataClass);
        Add("customers", (Gone(DataClass.Profile) && row.Profile is not null ? 1 : 0) + (Gone(DataClass.Payout) && row.Payout is not null ? 1 : 0)
            + (Gone(DataClass.Contact) && row.Contact is not null ? 1 : 0) + (Gone(DataClass.Case) && (row.Identity is not null || row.OrganisationName is not null) ? 1 : 0) + (Gone(DataClass.Profile) && row.NumberToken is not null ? 1 : 0));
        if (Gone(DataClass.Profile))
            Add("search_subjects", await search.Holds(customer, ct) ? 1 : 0);
        Add("personal_texts", await db.Texts.AsNoTracking().CountAsync(t => (t.Subject == customer && gone.Contains(t.Class)) || intakes.Contains(t.Subject), ct));
        Add("documents", await db.Documents.AsNoTracking().CountAsync(d => (d.Subject == customer && gone.Contains(d.Class)) || intakes.Contains(d.Subject), ct));
        Add("mails", await db.Mails.AsNoTracking().CountAsync(m => (m.Subject == customer && gone.Contains(m.Class)) || intakes.Contains(m.Subject), ct));
        Add("drafts", await db.Drafts.AsNoTracking().CountAsync(d => intakes.Contains(d.Subject), ct));
        Add("intakes", await db.Set<IntakeRow>().AsNoTracking().CountAsync(i => i.Data != null && db.Cases.Any(c => c.Id == i.CaseId && intakes.Contains(c.IntakeSubject)), ct));
        Add("phone_calls", await db.Set<PhoneCall>().AsNoTracking().CountAsync(c => intakes.Contains(c.Subject), ct));
        Add("inbound_mails", await db.Set<InboundMail>().AsNoTracking().CountAsync(m => intakes.Contains(m.Subject) && (m.Data != null || m.SenderToken != null), ct));
        Add("conversations", await db.Set<Conversation>().AsNoTracking().CountAsync(c => intakes.Contains(c.Subject), ct));
        var (payout, contact) = (Gone(DataClass.Payout), Gone(DataClass.Contact));
        Add("pending_details", await db.Set<PendingDetails>().AsNoTracking().CountAsync(d => d.CustomerId == customer && d.Data != null
            && ((d.Kind == DetailKind.Payout && payout) || (d.Kind == DetailKind.Contact && contact)), ct));
        Add("order_payments", Gone(DataClass.Payout)
            ? await db.Set<OrderPayment>().AsNoTracking().CountAsync(p => p.Reference != null && db.Orders.Any(o => o.Id == p.OrderId && o.CustomerId == customer), ct) : 0);
        var anonymised = await db.Set<RetainedRow>().AsNoTracking().AnyAsync(r => r.CustomerId == customer && r.Category == DataCategory.Transactions && r.DoneAt != null, ct);
        if (anonymised)
        {
            Add("facts", await db.Facts.AsNoTracking().CountAsync(f => f.CustomerId == customer, ct));
            Add("activity", await db.Activity.AsNoTracking().CountAsync(a => a.CustomerId == customer, ct));
            Add("orders", await db.Orders.AsNoTracking().CountAsync(o => o.CustomerId == customer, ct));
        }
        if (anonymised || Gone(DataClass.Case))
            Add("returns", await db.Returns.AsNoTracking().CountAsync(r => r.CreditNote != null && db.Cases.Any(c => c.Id == r.CaseId && c.CustomerId == customer), ct));
        if (Gone(DataClass.Case))
        {
            // Cleared, they are empty: the columns hold no null.
            byte[] nothing = [];
            var cases = db.Cases.Where(c => c.CustomerId == customer).Select(c => c.Id);
            Add("decisions", await db.Set<DecisionRow>().AsNoTracking().CountAsync(d => d.Data != nothing && cases.Contains(d.CaseId), ct));
            Add("spot_decisions", await db.Set<SpotDecision>().AsNoTracking().CountAsync(s => s.Subject == customer && (s.Data != nothing || s.Review != null), ct));
            Add("re_entries", await db.Set<ReEntry.ReEntryRequest>().AsNoTracking().CountAsync(r => (r.Words != nothing || r.Decision != null) && cases.Contains(r.CaseId), ct));
            Add("contracts", await db.Contracts.AsNoTracking().CountAsync(c => c.CustomerId == customer && (c.Number != null || c.NumberToken != null), ct));
            Add("orders", anonymised ? 0 : await db.Orders.AsNoTracking().CountAsync(o => o.CustomerId == customer && (o.Number != null || o.NumberToken != null || o.InvoiceNumber != null), ct));
            var written = db.Feedback.Where(f => f.CustomerId == customer).Select(f => f.Id);
            Add("feedback_index", await db.FeedbackIndex.AsNoTracking().CountAsync(i => i.Typed != null && written.Contains(i.FeedbackId), ct));
            Add("feedback_entries", await db.FeedbackEntries.AsNoTracking().CountAsync(e => e.Words != null && written.Contains(e.FeedbackId), ct));
        }
        if (Gone(DataClass.Contact))
            Add("feedback_index", await db.FeedbackIndex.AsNoTracking().CountAsync(i => (i.Contact != null || i.MailToken != null) && db.Feedback.Any(f => f.Id == i.FeedbackId && f.CustomerId == customer && f.State == FeedbackState.Closed), ct));
        // The external number of an erased customer under any number of ours, unless they were welcomed back.
        var tokens = await ReEntry.Suppression.Of(db).Where(e => e.CustomerId == customer).Select(e => e.Token!).ToListAsync(ct);
        Add("customers", await db.Customers.AsNoTracking().CountAsync(c => c.Id != customer && c.NumberToken != null && tokens.Contains(c.NumberToken), ct));
        return found;
    }
}
