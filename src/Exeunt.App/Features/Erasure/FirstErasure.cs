using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Erasure;

/// <summary>
/// What every erasure of a customer begins with: profile and account. Ledger first, then keys, then what they sealed: a crash in between
/// is repaired by running it again.
/// </summary>
public sealed class FirstErasure(AppDb db, KeyStore keys, Vault vault, NumberTokens numbers, SearchStore search, LegalHolds holds)
{
    /// <summary>Whether it was done; false: a hold came at the same moment, and nothing was destroyed.</summary>
    /// <param name="caseId">The case that ended it; null: none did.</param>
    /// <param name="intake">The subject of what was typed in that case's application, which goes with it; null: none.</param>
    /// <param name="withName">Whether the name of an organisation goes too.</param>
    /// <param name="begins">What is saved together with the first line of the ledger; null: nothing.</param>
    public async Task<bool> Run(Customer customer, Guid? caseId, long? intake, bool withName, Action? begins, Call call, CancellationToken ct)
    {
        DataClass[] gone = [DataClass.Profile, DataClass.Payout];
        // The account may have gone before, when a refund was reconciled.
        DataClass[] recording = await keys.Find(customer.Id, DataClass.Payout, ct) is null && await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == customer.Id && e.Class == DataClass.Payout, ct)
            ? [DataClass.Profile] : gone;
        if (!await db.Erasures.AsNoTracking().AnyAsync(e => e.CustomerId == customer.Id && e.Class == DataClass.Profile, ct))
        {
            var suppressed = await Suppressed(customer, ct);
            var recorded = await db.Write(async token =>
            {
                // With the version raised, a hold that comes at the same moment is either seen here or sees this.
                if (await holds.Forbid(customer.Id, token))
                    return false;
                customer.Version++;
                customer.NumberToken = suppressed;
                begins?.Invoke();
                foreach (var dataClass in recording)
                    db.Erasures.Add(new ErasureRow { CustomerId = customer.Id, CaseId = caseId, Class = dataClass, Token = suppressed, At = call.Now });
                if (intake is { } subject)
                    db.Erasures.Add(new ErasureRow { CustomerId = subject, CaseId = caseId, Class = DataClass.Case, At = call.Now });
                db.Audit(call, "erasure.recorded", $"customer:{customer.Id}", new { classes = gone, caseId });
                await db.SaveChangesAsync(token);
                return true;
            }, ct);
            if (!recorded)
                return false;
        }
        Failpoint.Reach(Point.ErasureRecorded);
        await keys.Destroy(
            [.. gone.Select(c => (customer.Id, c)), .. intake is { } typed ? [(typed, DataClass.Case)] : Array.Empty<(long, DataClass)>()], call.Now, ct,
            customer.NumberToken is { } number ? new Dictionary<long, byte[]> { [customer.Id] = number } : null);
        await search.Remove(customer.Id, ct);
        // The ciphertext goes too; the destroyed keys are for the copies we cannot reach.
        await db.Write(async token =>
        {
            customer.ErasedAt = call.Now;
            if (withName)
                customer.OrganisationName = null;
            customer.Version++;
            await DataRequests.Corrections.CallOff(db, [customer.Id], call, token);
            db.Audit(call, "erasure.done", $"customer:{customer.Id}", new { classes = gone });
            await db.SaveChangesAsync(token);
            foreach (var dataClass in gone)
                await Remains.Clear(db, dataClass, [customer.Id], token);
            return true;
        }, ct);
        return true;
    }

    /// <summary>
    /// The token under which no import brings them back: that of the number in the form in which all spellings are compared. Who was imported by an earlier
    /// version has that of the number as it was written, and afterwards nobody can make another one.
    /// </summary>
    private async Task<byte[]?> Suppressed(Customer customer, CancellationToken ct)
    {
        if (customer.NumberToken is null || await vault.Open<CustomerProfile>(customer.Id, DataClass.Profile, CustomerTable.ProfilePlace, customer.Row, customer.Profile, ct) is not { ExternalNumber: { } number })
            return customer.NumberToken;
        var token = numbers.OfCustomer(customer.Source, number);
        // Another customer, whom an earlier version told apart, keeps it.
        return await db.Customers.AsNoTracking().AnyAsync(c => c.Id != customer.Id && c.NumberToken == token, ct) ? customer.NumberToken : token;
    }
}
