using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Exeunt.Core.Cases;
using Exeunt.Core.Churn;
using Microsoft.EntityFrameworkCore;
using FactKind = Exeunt.Core.Activity.FactKind;

namespace Exeunt.App.Features.Customers;

/// <summary>A customer's file as the console shows it, personal data masked.</summary>
/// <param name="Months">Net spend of the last 24 closed months, oldest first.</param>
/// <param name="Indicators">As of the business date; null when there was no fact before this month.</param>
/// <param name="Defection">How far the customer has gone elsewhere; null: not judged, or not known.</param>
/// <param name="Rhythm">The state by rhythm; null: not judged, or not known.</param>
/// <param name="Cases">The newest twenty; none when the caller may not see cases of this unit.</param>
/// <param name="Latest">The last documents, newest first.</param>
/// <param name="Locked">Why name and numbers are not shown, until when; null: they are not locked.</param>
/// <param name="MayReveal">Whether the caller may see the personal data in clear.</param>
public sealed record CustomerFile(
    long Id, string Name, CustomerKind Kind, CustomerTier Tier, string Unit, string? Owner, string? Country, string? Industry,
    string Currency, DateOnly? Since, string? ContactPerson, string Phone, string Mail, bool IsErased, DateOnly AsOf,
    IReadOnlyList<MonthSpend> Months, Indicators? Indicators, Defection? Defection, RhythmState? Rhythm, IReadOnlyList<CaseLine> Cases, IReadOnlyList<ContractLine> Contracts, IReadOnlyList<DocumentLine> Latest, bool MayReveal, IReadOnlyList<Terms.ShownTexts.Line> Confirmed, Refusal? Locked)
{
    /// <summary>Since when the data is only stored, because the customer asked for it; null: it is not restricted.</summary>
    public DateOnly? RestrictedOn { get; init; }
}

public readonly record struct MonthSpend(Month Month, Money Net);

public sealed record CaseLine(Guid Id, string Number, CaseState State, CaseOutcome? Outcome, DateOnly ReceivedOn, DateOnly? EffectiveOn);

public sealed record ContractLine(long Id, string Number, string Product, ContractState State, DateOnly StartOn, DateOnly TermEndsOn, DateOnly? LastServiceDay, Money MonthlyFee, Exeunt.Core.Contracts.ContractTerms Terms);

/// <summary>The lines of one document of one day and kind, added up.</summary>
public sealed record DocumentLine(DateOnly On, FactKind Kind, Money Amount, int Lines);

/// <summary>One customer's file: what is known, by month, by contract and by document.</summary>
internal sealed class ShowCustomer(AppDb db, Vault vault, StaffDirectory staff, Terms.ShownTexts shown, HandOvers.FormerOwners former, Erasure.Locks locks) : UseCase<long, CustomerFile>(db)
{
    private const int ShownMonths = 24;
    private const int ShownDocuments = 20;
    private const int ShownCases = 20;

    public override Permission Needs => Permission.ViewCustomers;

    protected override async Task<Outcome<CustomerFile>> Handle(Call call, long id, CancellationToken ct)
    {
        var units = await VisibleUnits.Of(Db, call.Actor, Needs, ct);
        var customer = await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct);
        if (customer is null || !units.Holds(customer.UnitId))
            return CommonRefusals.NotFound;
        var today = call.Today(Clocks.CompanyZone);
        var locked = await locks.Of(id, ct);
        var identity = locked is not null ? null : await vault.Open<CustomerIdentity>(id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct);
        var contact = await vault.Open<CustomerContact>(id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        var owner = customer.OwnerId is { } ownerId ? (await staff.Names([StaffDirectory.IdOf(ownerId)], ct)).Values.FirstOrDefault() : null;
        var revealing = await VisibleUnits.Of(Db, call.Actor, Permission.RevealPersonalData, ct);
        var contracts = await Contracts(call, id, locked is not null, ct);
        // Whose data is only stored is not judged by it.
        var judged = locked is null && await FewCustomers.Of(Db, [customer], today, ct) is { Count: > 0 } known ? known : null;
        var said = judged is null ? default : Said(judged, today);
        var file = new CustomerFile(
            id, (locked is null ? customer.OrganisationName : null) ?? Mask.Name(identity?.Name), customer.Kind, customer.Tier, units.Name(customer.UnitId, call.Language), owner,
            customer.Country, customer.Industry, customer.Currency, customer.Since,
            (customer.Kind == CustomerKind.Organisation ? identity?.ContactPerson ?? identity?.Name : identity?.ContactPerson) is { } person ? Mask.Name(person) : null,
            Mask.Phone(contact?.Phone), Mask.Mail(contact?.Mail), customer.ErasedAt is not null, today,
            judged is null ? [] : Spend(judged.Packed(0), customer.Currency, today), said.Indicators, said.Defection, said.Rhythm,
            call.Actor.Allows(Permission.ViewCases, units.Path(customer.UnitId)) ? await Cases(id, ct) : [],
            contracts, locked is not null ? [] : await Latest(id, customer.Currency, ct),
            (identity is not null || contact is not null) && revealing.Holds(customer.UnitId) && await former.WhyNot(id, units.Path(customer.UnitId), call.Actor, ct) is null,
            await shown.Of([.. contracts.Select(c => c.Id)], ct), locked?.Refusal)
        {
            RestrictedOn = customer.RestrictedAt is { } restricted ? Clocks.DateIn(restricted, Clocks.CompanyZone) : null,
        };
        Db.Audit(call, "customer.viewed", $"customer:{id}");
        // A read keeps no answer under an idempotency key: it holds personal data.
        await Db.SaveChangesAsync(ct);
        return file;
    }

    private static (Indicators? Indicators, Defection? Defection, RhythmState? Rhythm) Said(CustomerBase judged, DateOnly today)
    {
        var values = judged.Open(0, new HistoryScratch()).At(today);
        var by = judged.ThresholdsOf(0);
        return (values.Indicators, values.DefectionBy(by), values.RhythmBy(by));
    }

    private static MonthSpend[] Spend(ReadOnlySpan<byte> packed, string currency, DateOnly today)
    {
        var first = Month.Of(today) - ShownMonths;
        var spend = new MonthSpend[ShownMonths];
        for (var i = 0; i < ShownMonths; i++)
            spend[i] = new MonthSpend(first + i, Money.Zero(currency));
        foreach (var month in new ActivityMonths(packed))
            if (month.Month >= first && month.Month - first < ShownMonths)
                spend[month.Month - first] = new MonthSpend(month.Month, new Money(month.Net, currency));
        return spend;
    }

    private async Task<List<CaseLine>> Cases(long id, CancellationToken ct)
    {
        var cases = await Db.Cases.AsNoTracking().Where(c => c.CustomerId == id).OrderByDescending(c => c.BusinessReceivedAt).ThenBy(c => c.Id).Take(ShownCases)
            .Select(c => new { c.Id, c.Number, c.State, c.Outcome, c.BusinessReceivedAt, c.EffectiveOn, c.Zone }).ToListAsync(ct);
        return [.. cases.Select(c => new CaseLine(c.Id, c.Number, c.State, c.Outcome, Clocks.DateIn(c.BusinessReceivedAt, c.Zone ?? Clocks.CompanyZone), c.EffectiveOn))];
    }

    private async Task<List<ContractLine>> Contracts(Call call, long id, bool locked, CancellationToken ct)
    {
        var contracts = await Db.Contracts.AsNoTracking().Where(c => c.CustomerId == id).OrderByDescending(c => c.StartOn).ThenBy(c => c.Id).Take(100).ToListAsync(ct);
        var lines = new List<ContractLine>(contracts.Count);
        foreach (var c in contracts)
        {
            var number = locked ? null : await vault.Open<string>(id, DataClass.Case, ContractTable.NumberPlace, c.Row, c.Number, ct);
            var terms = Settlements.Settling.TermsOf(c);
            lines.Add(new ContractLine(c.Id, number ?? "—", call.Language == "zh" ? c.ProductChinese : c.ProductEnglish, c.State,
                c.StartOn, terms.TermEnd, c.LastServiceDay, terms.FeeOn(call.Today(c.Zone)), terms));
        }
        return lines;
    }

    private async Task<List<DocumentLine>> Latest(long id, string currency, CancellationToken ct)
    {
        var documents = await Db.Facts.AsNoTracking().Where(f => f.CustomerId == id)
            .GroupBy(f => new { f.On, f.Kind, f.Document })
            .Select(g => new { g.Key.On, g.Key.Kind, g.Key.Document, Amount = g.Sum(f => f.Amount), Lines = g.Count() })
            .OrderByDescending(d => d.On).ThenByDescending(d => d.Document).Take(ShownDocuments).ToListAsync(ct);
        return [.. documents.Select(d => new DocumentLine(d.On, d.Kind, new Money(d.Amount, currency), d.Lines))];
    }
}
