using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Policies;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Policies;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Exeunt.App.Features.Imports;

/// <summary>A contract as a file tells it.</summary>
internal sealed record ContractDraft(long Id, long CustomerId, string Number, byte[] Token)
{
    public required string Product { get; init; }
    public required string ProductChinese { get; init; }
    public required string ProductEnglish { get; init; }
    public required string Currency { get; init; }
    public required DateOnly StartOn { get; init; }
    public required int TermMonths { get; init; }
    public required long MonthlyFee { get; init; }
    public bool Prepaid { get; init; }
    public long Deposit { get; init; }
    public long DeviceValue { get; init; }
    public long Unpaid { get; init; }
    public required string PolicyNumber { get; init; }
    public required int PolicyVersion { get; init; }
    public required string Zone { get; init; }
    public required string Jurisdiction { get; init; }
    public Party Party { get; init; }
    public int BillingMonths { get; init; } = 1;
    public DateOnly? BillingAnchor { get; init; }
    public long MonthlyDiscount { get; init; }
    public int? NoticeDays { get; init; }
    public bool AutoRenew { get; init; } = true;
    public int? DeviceMonths { get; init; }
    public DateOnly? UnpaidDueOn { get; init; }
    public long PrepaidPaid { get; init; }
    public long PrepaidGift { get; init; }
    public DateOnly? PrepaidPaidOn { get; init; }
    public DateOnly? PrepaidFrom { get; init; }
    public DateOnly? PrepaidUntil { get; init; }
    public long PrepaidConsumed { get; init; }
    public long Earnest { get; init; }
    public long EarnestPrice { get; init; }
    public DateOnly? SignedOn { get; init; }
    public long PremiumsPaid { get; init; }
    public long SumInsured { get; init; }
    public long PolicyLoan { get; init; }
    public DateOnly? PolicyLoanOn { get; init; }
    public PolicyRight Rights { get; init; }

    /// <summary>The version of the row that it is to change.</summary>
    public int Version { get; init; }

    public bool Says(Contract c) =>
        (c.Product, c.ProductChinese, c.ProductEnglish, c.Currency, c.StartOn, c.TermMonths, c.MonthlyFee)
            == (Product, ProductChinese, ProductEnglish, Currency, StartOn, TermMonths, MonthlyFee)
        && (c.CurrentMonthPrepaid, c.Deposit, c.DeviceValue, c.Unpaid, c.PolicyNumber, c.PolicyVersion, c.Zone, c.Jurisdiction)
            == (Prepaid, Deposit, DeviceValue, Unpaid, PolicyNumber, PolicyVersion, Zone, Jurisdiction)
        && (c.Party, c.BillingMonths, c.BillingAnchor, c.MonthlyDiscount, c.NoticeDays, c.AutoRenew, c.DeviceMonths, c.UnpaidDueOn)
            == (Party, BillingMonths, BillingAnchor, MonthlyDiscount, NoticeDays, AutoRenew, DeviceMonths, UnpaidDueOn)
        && (c.SignedOn, c.PremiumsPaid, c.SumInsured, c.PolicyLoan, c.PolicyLoanOn, c.Rights) == (SignedOn, PremiumsPaid, SumInsured, PolicyLoan, PolicyLoanOn, Rights)
        && (c.PrepaidPaid, c.PrepaidGift, c.PrepaidPaidOn, c.PrepaidFrom, c.PrepaidUntil, c.PrepaidConsumed, c.Earnest, c.EarnestPrice)
            == (PrepaidPaid, PrepaidGift, PrepaidPaidOn, PrepaidFrom, PrepaidUntil, PrepaidConsumed, Earnest, EarnestPrice);
}

/// <summary>Writes contracts in bulk: the keys of their customers, then rows, then the number's search token.</summary>
internal static class ContractWriter
{
    private static readonly BulkColumn[] Columns =
    [
        new("id", NpgsqlDbType.Bigint), new("product", NpgsqlDbType.Varchar), new("product_chinese", NpgsqlDbType.Varchar), new("product_english", NpgsqlDbType.Varchar),
        new("currency", NpgsqlDbType.Varchar), new("start_on", NpgsqlDbType.Date), new("term_months", NpgsqlDbType.Integer), new("monthly_fee", NpgsqlDbType.Bigint),
        new("current_month_prepaid", NpgsqlDbType.Boolean), new("deposit", NpgsqlDbType.Bigint), new("device_value", NpgsqlDbType.Bigint), new("unpaid", NpgsqlDbType.Bigint),
        new("policy_number", NpgsqlDbType.Varchar), new("policy_version", NpgsqlDbType.Integer), new("zone", NpgsqlDbType.Varchar), new("jurisdiction", NpgsqlDbType.Varchar),
        new("party", NpgsqlDbType.Varchar), new("billing_months", NpgsqlDbType.Integer), new("billing_anchor", NpgsqlDbType.Date), new("monthly_discount", NpgsqlDbType.Bigint),
        new("notice_days", NpgsqlDbType.Integer), new("auto_renew", NpgsqlDbType.Boolean), new("device_months", NpgsqlDbType.Integer), new("unpaid_due_on", NpgsqlDbType.Date),
        new("prepaid_paid", NpgsqlDbType.Bigint), new("prepaid_gift", NpgsqlDbType.Bigint), new("prepaid_paid_on", NpgsqlDbType.Date), new("prepaid_from", NpgsqlDbType.Date),
        new("prepaid_until", NpgsqlDbType.Date), new("prepaid_consumed", NpgsqlDbType.Bigint), new("earnest", NpgsqlDbType.Bigint), new("earnest_price", NpgsqlDbType.Bigint),
        new("signed_on", NpgsqlDbType.Date), new("premiums_paid", NpgsqlDbType.Bigint), new("sum_insured", NpgsqlDbType.Bigint), new("policy_loan", NpgsqlDbType.Bigint),
        new("policy_loan_on", NpgsqlDbType.Date), new("rights", NpgsqlDbType.Integer),
    ];

    private static readonly BulkColumn[] NewColumns =
    [
        .. Columns, new("customer_id", NpgsqlDbType.Bigint), new("number_token", NpgsqlDbType.Bytea), new("number", NpgsqlDbType.Bytea),
        new("state", NpgsqlDbType.Varchar), new("version", NpgsqlDbType.Integer),
    ];

    private static readonly BulkColumn[] ReadColumns = [.. Columns, new("version", NpgsqlDbType.Integer)];

    public static async Task Insert(Storage storage, Bulk bulk, IReadOnlyList<ContractDraft> drafts, CancellationToken ct)
    {
        var customers = drafts.Select(d => d.CustomerId).Distinct().Order().ToList();
        await storage.Keys.Ensure(customers, [DataClass.Case], ct);
        var keys = await storage.Keys.FindAll(customers, DataClass.Case, ct);
        await bulk.Insert("contracts", NewColumns, [.. drafts.Select(d => (object?[])
        [
            .. Values(d), d.CustomerId, d.Token,
            Vault.SealWith(keys[d.CustomerId], d.CustomerId, DataClass.Case, ContractTable.NumberPlace, d.Id.ToString(CultureInfo.InvariantCulture), d.Number),
            nameof(ContractState.InForce), 0,
        ])], ct);
        await storage.Search.Add([.. drafts.Select(d => (d.CustomerId, (int[])[.. storage.Search.TokensOf(TokenKind.Number, d.Number)]))], ct);
    }

    /// <summary>Changes contracts that are in force and still as they were read; returns the others, which stay as they are.</summary>
    public static Task<HashSet<long>> Update(Bulk bulk, IReadOnlyList<ContractDraft> drafts, CancellationToken ct) =>
        bulk.UpdateUnchanged("contracts", ReadColumns, [.. drafts.Select(d => (object?[])[.. Values(d), d.Version])], $"contracts.state = '{nameof(ContractState.InForce)}'", ct);

    private static object?[] Values(ContractDraft d) =>
    [
        d.Id, d.Product, d.ProductChinese, d.ProductEnglish, d.Currency, d.StartOn, d.TermMonths, d.MonthlyFee, d.Prepaid, d.Deposit, d.DeviceValue, d.Unpaid,
        d.PolicyNumber, d.PolicyVersion, d.Zone, d.Jurisdiction,
        d.Party.ToString(), d.BillingMonths, d.BillingAnchor, d.MonthlyDiscount, d.NoticeDays, d.AutoRenew, d.DeviceMonths, d.UnpaidDueOn,
        d.PrepaidPaid, d.PrepaidGift, d.PrepaidPaidOn, d.PrepaidFrom, d.PrepaidUntil, d.PrepaidConsumed, d.Earnest, d.EarnestPrice, d.SignedOn,
        d.PremiumsPaid, d.SumInsured, d.PolicyLoan, d.PolicyLoanOn, (int)d.Rights,
    ];
}

/// <summary>Contracts of customers that are there already; one that is ending is not changed by an import.</summary>
internal sealed class ContractRows(ImportContext context) : RowSink(context)
{
    private const int Batch = 10_000;

    /// <summary>The words of the column "rights".</summary>
    private static readonly Dictionary<string, PolicyRight> RightWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["insured"] = PolicyRight.OtherInsured, ["beneficiary"] = PolicyRight.Beneficiary, ["irrevocable"] = PolicyRight.Irrevocable, ["pledge"] = PolicyRight.Pledged,
    };

    private readonly List<ContractDraft> _new = [];
    private readonly List<Change> _changed = [];
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private Dictionary<UInt128, Contract>? _stored;
    private List<InForce>? _policies;

    /// <summary>A contract that is to be as a row says.</summary>
    /// <param name="NamesVersion">The row says under which version of the policy it was signed.</param>
    private sealed record Change(ContractDraft Draft, long Line, bool NamesVersion);

    public override bool IsFull => _new.Count + _changed.Count >= Batch;

    public override (Refusal? Refusal, int Column) Take(ImportRow row)
    {
        if (TooLong(row) is { } tooLong)
            return tooLong;
        if (Broken(row) is { } broken)
            return (ImportRefusals.ControlCharacter, broken);
        var (customer, refusal) = CustomerOf(row[0]);
        if (customer is null)
            return (refusal, 0);
        if (row.Text(1) is not { } number)
            return (ImportRefusals.Required, 1);
        var (draft, wrong, column) = Read(row, customer, number);
        if (wrong is not null)
            return (wrong, column);
        if (!_met.Add(Spelling.Number(number)))
            return (ImportRefusals.Twice, 1);
        Digest.AppendData(draft!.Token);
        if (!_stored!.TryGetValue(TokenOf(draft.Token), out var old))
            _new.Add(draft);
        else if (old.CustomerId != customer.Id)
            return (ImportRefusals.OtherCustomer, 1);
        else if (Over(draft, row.Text(14) is not null, old) is var over && over.Says(old))
            Unchanged++;
        else if (old.State != ContractState.InForce)
            return (ImportRefusals.Ending, 1);
        else
            _changed.Add(new Change(over, row.Line, row.Text(14) is not null));
        return Taken;
    }

    public override async Task Flush(CancellationToken ct)
    {
        await using var db = Context.Storage.NewAppDb();
        _policies ??= await db.Policies.AsNoTracking().Where(p => p.Status == PolicyStatus.Published || p.Status == PolicyStatus.Superseded)
            .Select(p => new InForce(p.Number, p.Version, p.EffectiveFrom, p.EffectiveUntil)).ToListAsync(ct) is { Count: > 0 } known
            ? known
            // A database that no server has started on yet: the general policy is what it will begin with.
            : [new InForce(GeneralPolicy.Number, GeneralPolicy.Version, GeneralPolicy.Document.EffectiveFrom, null)];
        _stored ??= await db.Contracts.AsNoTracking().Where(c => c.NumberToken != null).ToDictionaryAsync(c => TokenOf(c.NumberToken!), ct);
        Added += _new.Count;
        if (!Context.IsDryRun && _new.Count > 0)
        {
            var first = await Context.Bulk.Reserve("contracts", _new.Count, ct);
            await ContractWriter.Insert(Context.Storage, Context.Bulk, [.. _new.Select((d, i) => d with { Id = first + i })], ct);
        }
        if (Context.IsDryRun)
            Changed += _changed.Count;
        else
            await Put(db, ct);
        _new.Clear();
        _changed.Clear();
    }

    /// <summary>Writes what changes. What somebody else changed since it was read is judged again: it may be ending now.</summary>
    private async Task Put(AppDb db, CancellationToken ct)
    {
        List<Change> changes = [.. _changed];
        for (var tries = 0; changes.Count > 0 && tries < Tries; tries++)
        {
            var missed = await ContractWriter.Update(Context.Bulk, changes.ConvertAll(c => c.Draft), ct);
            Changed += changes.Count - missed.Count;
            var ids = missed.ToList();
            var now = await db.Contracts.AsNoTracking().Where(c => ids.Contains(c.Id)).ToDictionaryAsync(c => c.Id, ct);
            List<Change> again = [];
            foreach (var change in changes.Where(c => missed.Contains(c.Draft.Id)))
            {
                if (!now.TryGetValue(change.Draft.Id, out var contract) || contract.State != ContractState.InForce)
                    Late.Add((change.Line, 1, ImportRefusals.Ending));
                else if (Over(change.Draft, change.NamesVersion, contract) is var over && over.Says(contract))
                    Unchanged++;
                else
                    again.Add(change with { Draft = over });
            }
            changes = again;
        }
        foreach (var change in changes)
            Late.Add((change.Line, 1, ImportRefusals.ChangedMeanwhile));
    }

    private (ContractDraft?, Refusal?, int) Read(ImportRow row, KnownCustomer customer, string number)
    {
        if (row.Text(2) is not { } product)
            return (null, ImportRefusals.Required, 2);
        var currency = row.Text(5) ?? Context.Map.Currency ?? customer.Currency;
        if (!Currency.IsKnown(currency))
            return (null, ImportRefusals.Currency, 5);
        if (!row.TryDate(6, Context.Map, out var start))
            return (null, ImportRefusals.Date, 6);
        if (!int.TryParse(row[7].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var term) || term is < 1 or > 600)
            return (null, ImportRefusals.Whole, 7);
        if (row.Text(9) is not (null or "0" or "1"))
            return (null, ImportRefusals.Word, 9);
        var digits = Currency.MinorDigits(currency);
        var amounts = new long[39];
        foreach (var c in new[] { 8, 10, 11, 12, 20, 25, 26, 30, 31, 32, 34, 35, 36 })
        {
            var text = row.Text(c);
            if (text is null && c == 8)
                return (null, ImportRefusals.Required, 8);
            if (text is not null && (Numbers.Minor(text, digits) is not { } minor || minor < 0))
                return (null, ImportRefusals.Number, c);
            amounts[c] = text is null ? 0 : Numbers.Minor(text, digits)!.Value;
        }
        var named = 0;
        if (row.Text(14) is { } v && (!int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out named) || named < 1))
            return (null, ImportRefusals.Whole, 14);
        var policy = row.Text(13) ?? GeneralPolicy.Number;
        if (PolicyFor(policy, named, start) is not { } version)
            return (null, ImportRefusals.Policy, named > 0 ? 14 : 13);
        var zone = row.Text(15) ?? "Asia/Shanghai";
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
            return (null, ImportRefusals.Word, 15);
        if (row.Text(22) is not (null or "0" or "1"))
            return (null, ImportRefusals.Word, 22);
        if (row.Text(17) is { } kind && (!Enum.TryParse<Party>(kind, ignoreCase: true, out var known) || !Enum.IsDefined(known) || char.IsAsciiDigit(kind[0])))
            return (null, ImportRefusals.Word, 17);
        var (wholes, dates) = (new int?[39], new DateOnly?[39]);
        foreach (var (c, least, most) in new[] { (18, 1, 60), (21, 0, 3660), (23, 1, 600) })
            if (row.Text(c) is { } text)
            {
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) || whole < least || whole > most)
                    return (null, ImportRefusals.Whole, c);
                wholes[c] = whole;
            }
        foreach (var c in new[] { 19, 24, 27, 28, 29, 33, 37 })
            if (row.Text(c) is not null)
            {
                if (!row.TryDate(c, Context.Map, out var day))
                    return (null, ImportRefusals.Date, c);
                dates[c] = day;
            }
        var rights = PolicyRight.None;
        foreach (var word in (row.Text(38) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            if (RightWords.TryGetValue(word, out var right))
                rights |= right;
            else
                return (null, ImportRefusals.Word, 38);
        // What a settlement would refuse is refused here, where it can be mended.
        if (dates[19] > start)
            return (null, ImportRefusals.Anchor, 19);
        if (dates[29] <= dates[28] || dates[28] is null != dates[29] is null)
            return (null, ImportRefusals.CardTerm, 29);
        if (amounts[31] > 0 && amounts[32] == 0)
            return (null, ImportRefusals.Required, 32);
        return (new ContractDraft(0, customer.Id, number, Context.Storage.Numbers.OfContract(number))
        {
            Product = product, ProductChinese = row.Text(3) ?? product, ProductEnglish = row.Text(4) ?? product, Currency = currency, StartOn = start, TermMonths = term,
            MonthlyFee = amounts[8], Prepaid = row.Text(9) != "0", Deposit = amounts[10], DeviceValue = amounts[11], Unpaid = amounts[12],
            PolicyNumber = policy, PolicyVersion = version, Zone = zone, Jurisdiction = row.Text(16) ?? "CN",
            Party = row.Text(17) is { } party ? Enum.Parse<Party>(party, ignoreCase: true) : Party.Consumer, BillingMonths = wholes[18] ?? 1, BillingAnchor = dates[19],
            MonthlyDiscount = amounts[20], NoticeDays = wholes[21], AutoRenew = row.Text(22) != "0", DeviceMonths = wholes[23], UnpaidDueOn = dates[24],
            PrepaidPaid = amounts[25], PrepaidGift = amounts[26], PrepaidPaidOn = dates[27], PrepaidFrom = dates[28], PrepaidUntil = dates[29], PrepaidConsumed = amounts[30],
            Earnest = amounts[31], EarnestPrice = amounts[32], SignedOn = dates[33],
            PremiumsPaid = amounts[34], SumInsured = amounts[35], PolicyLoan = amounts[36], PolicyLoanOn = dates[37], Rights = rights,
        }, null, -1);
    }

    /// <summary>The draft for a contract that is here already: it keeps the version of the policy it was signed under when the row names none.</summary>
    private static ContractDraft Over(ContractDraft draft, bool namesVersion, Contract old) =>
        draft with { Id = old.Id, Version = old.Version, PolicyVersion = !namesVersion && old.PolicyNumber == draft.PolicyNumber ? old.PolicyVersion : draft.PolicyVersion };

    /// <summary>The published version that is named, or without a name the one in force when the contract begins; null when there is none.</summary>
    private int? PolicyFor(string number, int named, DateOnly start)
    {
        var published = _policies!.Where(p => p.Number == number).ToList();
        return named > 0 ? published.FirstOrDefault(p => p.Version == named)?.Version : InForce.ForContract(published, start)?.Version;
    }

    private static UInt128 TokenOf(byte[] token) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(token);
}
