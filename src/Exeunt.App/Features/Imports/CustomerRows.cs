using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using NpgsqlTypes;

namespace Exeunt.App.Features.Imports;

/// <summary>A customer as a file tells it, before it is sealed. What is null is not told.</summary>
internal sealed record CustomerDraft(long Id, byte[] Token)
{
    public required string Number { get; init; }
    public required string Currency { get; init; }
    public int? UnitId { get; init; }
    public string? Language { get; init; }
    public Guid? OwnerId { get; init; }
    public CustomerKind? Kind { get; init; }
    public CustomerTier? Tier { get; init; }
    public string? Name { get; init; }
    public string? ContactPerson { get; init; }
    public string? Mail { get; init; }
    public string? Phone { get; init; }
    public string? Address { get; init; }
    public string? Country { get; init; }
    public string? Industry { get; init; }
    public DateOnly? Since { get; init; }
    public string? Notes { get; init; }

    /// <summary>The name of an organisation as it stands in clear, for when the sealed one is gone.</summary>
    public string? ClearName { get; init; }

    /// <summary>The version of the row that it was read from.</summary>
    public int Version { get; init; }

    public CustomerProfile Profile => new(Number, Notes);
    public CustomerContact? Contact => Mail is null && Phone is null && Address is null ? null : new CustomerContact(Mail, Phone, Address);
    public CustomerIdentity? Identity => Name is null && ContactPerson is null ? null : new CustomerIdentity(Name ?? "", ContactPerson);
    public string? OrganisationName => Kind == CustomerKind.Organisation ? Name ?? ClearName : null;

    /// <summary>The draft of a new customer: what is not told has the usual value.</summary>
    /// <param name="unit">The unit of new customers.</param>
    public CustomerDraft AsNew(int unit) =>
        this with { UnitId = UnitId ?? unit, Language = Language ?? "en", Kind = Kind ?? CustomerKind.Person, Tier = Tier ?? CustomerTier.Normal };
}

/// <summary>Writes customers in bulk: keys first (durably), then rows, then search tokens.</summary>
internal static class CustomerWriter
{
    private static readonly DataClass[] Classes = [DataClass.Profile, DataClass.Contact, DataClass.Case];

    private static readonly BulkColumn[] Columns =
    [
        new("id", NpgsqlDbType.Bigint), new("source", NpgsqlDbType.Varchar), new("number_token", NpgsqlDbType.Bytea), new("unit_id", NpgsqlDbType.Integer),
        new("owner_id", NpgsqlDbType.Uuid), new("kind", NpgsqlDbType.Varchar), new("tier", NpgsqlDbType.Varchar), new("organisation_name", NpgsqlDbType.Varchar),
        new("country", NpgsqlDbType.Varchar), new("industry", NpgsqlDbType.Varchar), new("since", NpgsqlDbType.Date), new("language", NpgsqlDbType.Varchar),
        new("currency", NpgsqlDbType.Varchar), new("profile", NpgsqlDbType.Bytea), new("contact", NpgsqlDbType.Bytea), new("identity", NpgsqlDbType.Bytea),
        new("version", NpgsqlDbType.Integer),
    ];

    private static readonly BulkColumn[] Changeable =
    [
        new("id", NpgsqlDbType.Bigint), new("unit_id", NpgsqlDbType.Integer), new("kind", NpgsqlDbType.Varchar),
        new("organisation_name", NpgsqlDbType.Varchar), new("country", NpgsqlDbType.Varchar), new("industry", NpgsqlDbType.Varchar), new("since", NpgsqlDbType.Date),
        new("language", NpgsqlDbType.Varchar), new("profile", NpgsqlDbType.Bytea), new("contact", NpgsqlDbType.Bytea), new("identity", NpgsqlDbType.Bytea),
        new("version", NpgsqlDbType.Integer),
    ];

    public static async Task Insert(ImportContext context, IReadOnlyList<CustomerDraft> drafts, CancellationToken ct)
    {
        // One set of classes per customer: an invoice's customer has a number and nothing else.
        var groups = drafts.Select(d => d.AsNew(context.UnitId)).GroupBy(d => (d.Contact is not null, d.Identity is not null));
        foreach (var group in groups)
        {
            var members = group.OrderBy(d => d.Id).ToList();
            DataClass[] classes = [DataClass.Profile, .. group.Key.Item1 ? [DataClass.Contact] : Array.Empty<DataClass>(), .. group.Key.Item2 ? [DataClass.Case] : Array.Empty<DataClass>()];
            var keys = await context.Storage.Keys.Create([.. members.Select(m => m.Id)], classes, ct);
            // A store of its own, so the search tokens go in beside the rows; a token without its row finds nothing.
            var tokens = Task.Run(() => context.Storage.Search.Index([.. members.Select(m => (m.Id, TokensOf(context.Storage.Search, m)))], areNew: true, ct), ct);
            try
            {
                var rows = new object?[members.Count][];
                Parallel.For(0, members.Count, new ParallelOptions { CancellationToken = ct, MaxDegreeOfParallelism = 2 }, i =>
                    rows[i] = Row(context.Map.Source, members[i], classes, keys[members[i].Id]));
                await context.Bulk.Insert("customers", Columns, rows, ct);
                await tokens;
            }
            // Where nobody can tell what the database did, the keys stay.
            catch (Exception e) when (e is not OperationCanceledException && !Writing.IsImpossible(e))
            {
                await tokens.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await TakeBack(context.Storage, members, ct);
                throw;
            }
        }
    }

    /// <summary>Keys and tokens of those of a batch who did not come in do not stay: its next try gives them other numbers.</summary>
    private static async Task TakeBack(Storage storage, List<CustomerDraft> members, CancellationToken ct)
    {
        await using var db = storage.NewAppDb();
        var (first, last) = (members[0].Id, members[^1].Id);
        var here = (await db.Customers.AsNoTracking().Where(c => c.Id >= first && c.Id <= last).Select(c => c.Id).ToListAsync(ct)).ToHashSet();
        var gone = members.Select(m => m.Id).Where(id => !here.Contains(id)).ToList();
        await storage.Keys.TakeBack(gone, ct);
        foreach (var id in gone)
            await storage.Search.Remove(id, ct);
    }

    /// <summary>
    /// Writes the clear and sealed values of customers that differ from what is stored; all but the tier, which people move. Returns those who were not
    /// any more as they were read: they stay as they are.
    /// </summary>
    public static async Task<HashSet<long>> Update(ImportContext context, IReadOnlyList<CustomerDraft> drafts, CancellationToken ct)
    {
        if (drafts.Count == 0)
            return [];
        await context.Storage.Keys.Ensure([.. drafts.Select(d => d.Id)], Classes, ct);
        var keys = new Dictionary<DataClass, Dictionary<long, byte[]>>();
        foreach (var dataClass in Classes)
            keys[dataClass] = await context.Storage.Keys.FindAll([.. drafts.Select(d => d.Id)], dataClass, ct);
        var rows = drafts.Select(d => new object?[]
        {
            d.Id, d.UnitId, d.Kind!.Value.ToString(), d.OrganisationName, d.Country, d.Industry, d.Since, d.Language,
            Seal(d, DataClass.Profile, CustomerTable.ProfilePlace, keys[DataClass.Profile][d.Id], d.Profile),
            Seal(d, DataClass.Contact, CustomerTable.ContactPlace, keys[DataClass.Contact][d.Id], d.Contact),
            Seal(d, DataClass.Case, CustomerTable.IdentityPlace, keys[DataClass.Case][d.Id], d.Identity), d.Version,
        }).ToList();
        var missed = await context.Bulk.UpdateUnchanged("customers", Changeable, rows, "", ct);
        await context.Storage.Search.Add([.. drafts.Where(d => !missed.Contains(d.Id)).Select(d => (d.Id, TokensOf(context.Storage.Search, d)))], ct);
        return missed;
    }

    private static object?[] Row(string source, CustomerDraft d, DataClass[] classes, byte[][] keys)
    {
        byte[]? Of<T>(DataClass dataClass, string place, T? value) where T : class =>
            value is null ? null : Seal(d, dataClass, place, keys[Array.IndexOf(classes, dataClass)], value);
        return
        [
            d.Id, source, d.Token, d.UnitId, d.OwnerId, d.Kind!.Value.ToString(), d.Tier!.Value.ToString(), d.OrganisationName, d.Country, d.Industry, d.Since, d.Language, d.Currency,
            Of(DataClass.Profile, CustomerTable.ProfilePlace, d.Profile), Of(DataClass.Contact, CustomerTable.ContactPlace, d.Contact),
            Of(DataClass.Case, CustomerTable.IdentityPlace, d.Identity), 0,
        ];
    }

    private static byte[]? Seal<T>(CustomerDraft d, DataClass dataClass, string place, byte[] key, T? value) where T : class =>
        value is null ? null : Vault.SealWith(key, d.Id, dataClass, place, d.Id.ToString(CultureInfo.InvariantCulture), value);

    private static int[] TokensOf(SearchStore search, CustomerDraft d)
    {
        var tokens = new HashSet<int>(search.TokensOf(TokenKind.Number, d.Number));
        void Add(TokenKind kind, string? value)
        {
            if (value is not null)
                tokens.UnionWith(search.TokensOf(kind, value));
        }
        Add(TokenKind.Name, d.Name);
        Add(TokenKind.Name, d.ContactPerson);
        Add(TokenKind.Phone, d.Phone);
        Add(TokenKind.Mail, d.Mail);
        return [.. tokens];
    }
}

/// <summary>Customers: new ones are created; of those known, what the file says is taken over.</summary>
internal class CustomerRows(ImportContext context) : RowSink(context)
{
    private const int Batch = 10_000;
    private const int TierColumn = 13;
    private readonly Dictionary<string, CustomerDraft> _new = new(StringComparer.Ordinal);
    private readonly Dictionary<long, Told> _known = [];
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly HashSet<long> _metIds = [];

    public override bool IsFull => _new.Count + _known.Count >= Batch;

    public override (Refusal? Refusal, int Column) Take(ImportRow row)
    {
        var number = row[0];
        if (CheckNumber(number) is { } bad)
            return (bad, 0);
        var (draft, refusal, column) = Read(row, number.ToString());
        if (refusal is not null || draft is null)
            return (refusal, column);
        var known = Context.Find(number, out var tokens);
        // Two spellings of one number are the same customer twice.
        if (known is null ? !_met.Add(tokens!.Number) : !_metIds.Add(known.Id))
            return (ImportRefusals.Twice, 0);
        if (known is { IsInScope: false })
            return (ImportRefusals.NoSuchCustomer, 0);
        if (known is null && Context.IsSuppressed(tokens!))
            return (ImportRefusals.Suppressed, 0);
        if (known is not null && CreatesNew && row.Has(11) && draft.Currency != known.Currency)
            return (ImportRefusals.OtherCurrency, 11);
        if (known is not null && CreatesNew && row.Tells(TierColumn) && draft.Tier != known.Tier)
            return (ImportRefusals.TierOfKnown, TierColumn);
        Digest.AppendData(tokens?.Own ?? Context.Storage.Numbers.OfCustomer(Context.Map.Source, draft.Number));
        if (known is not null)
            _known[known.Id] = new Told(draft, row.Line);
        else if (CreatesNew)
        {
            var made = draft with { Id = Context.NextNumber(), Token = tokens!.Own };
            _metIds.Add(made.Id);
            _new[draft.Number] = made;
        }
        else
            return (ImportRefusals.NoSuchCustomer, 0);
        return Taken;
    }

    public override async Task Flush(CancellationToken ct)
    {
        if (Context.IsDryRun)
        {
            Added += _new.Count;
            Unchanged += _known.Count;
        }
        else
        {
            if (_new.Count > 0)
                await CustomerWriter.Insert(Context, [.. _new.Values], ct);
            foreach (var draft in _new.Values)
                Context.Remember(draft.Number, draft.Token, new KnownCustomer(draft.Id, draft.Currency, true, draft.Tier ?? CustomerTier.Normal));
            Added += _new.Count;
        }
        foreach (var chunk in _known.Chunk(500))
            await Change(chunk, ct);
        NewCustomers += _new.Count;
        _new.Clear();
        _known.Clear();
        await Context.Reserve("customers", Batch + 1, ct);
    }

    protected virtual bool CreatesNew => true;

    protected virtual (CustomerDraft?, Refusal?, int) Read(ImportRow row, string number)
    {
        if (TooLong(row) is { } tooLong)
            return (null, tooLong.Refusal, tooLong.Column);
        // An address and notes may have several lines.
        if (Broken(row, 6, 14) is { } broken)
            return (null, ImportRefusals.ControlCharacter, broken);
        if (!Words.TryRead<CustomerKind>(row.Text(2), out var kind))
            return (null, ImportRefusals.Word, 2);
        if (Contact(row, 4, 5) is { } wrong)
            return (null, wrong.Refusal, wrong.Column);
        DateOnly? since = null;
        if (row.Text(9) is not null)
        {
            if (!row.TryDate(9, Context.Map, out var date))
                return (null, ImportRefusals.Date, 9);
            since = date;
        }
        if (row.Text(10) is not (null or "zh" or "en"))
            return (null, ImportRefusals.Word, 10);
        var currency = row.Text(11) ?? Context.Map.Currency ?? "CNY";
        if (!Currency.IsKnown(currency))
            return (null, ImportRefusals.Currency, 11);
        int? unit = null;
        if (row.Text(12) is { } code)
        {
            if (!Context.Units.TryGetValue(code, out var named))
                return (null, ImportRefusals.RowUnit, 12);
            unit = named;
        }
        if (!Words.TryRead<CustomerTier>(row.Text(TierColumn), out var tier))
            return (null, ImportRefusals.Word, TierColumn);
        return (new CustomerDraft(0, [])
        {
            Number = number, Currency = currency, UnitId = unit, Language = row.Text(10), Kind = kind, Tier = tier, Name = row.Text(1), ContactPerson = row.Text(3),
            Mail = Usual(row.Text(4)), Phone = row.Text(5), Address = row.Text(6), Country = Countries.CodeOf(row.Text(7)), Industry = row.Text(8), Since = since, Notes = row.Text(14),
        }, null, -1);
    }

    /// <summary>What the file says, over what is stored; an empty or missing column keeps the old value, and the tier stays in any case.</summary>
    protected virtual CustomerDraft Merge(CustomerDraft old, CustomerDraft told) =>
        old with
        {
            Name = told.Name ?? old.Name, ContactPerson = told.ContactPerson ?? old.ContactPerson, Mail = told.Mail ?? old.Mail, Phone = told.Phone ?? old.Phone,
            Address = told.Address ?? old.Address, Notes = told.Notes ?? old.Notes, Kind = told.Kind ?? old.Kind, Country = told.Country ?? old.Country,
            Industry = told.Industry ?? old.Industry, Since = told.Since ?? old.Since, Language = told.Language ?? old.Language, UnitId = told.UnitId ?? old.UnitId,
        };

    /// <summary>A mail address in the characters in which one can write to it.</summary>
    protected static string? Usual(string? mail) => mail is null ? null : Spelling.Plain(mail);

    protected static (Refusal Refusal, int Column)? Contact(ImportRow row, int mail, int phone)
    {
        if (Usual(row.Text(mail)) is { } address && (address.IndexOf('@', StringComparison.Ordinal) is < 1 || address.EndsWith('@') || address.Any(char.IsWhiteSpace)))
            return (ImportRefusals.Mail, mail);
        if (row.Text(phone) is { } number && Spelling.Plain(number) is var plain && (plain.Count(char.IsAsciiDigit) is < 5 or > 20 || plain.Any(char.IsLetter)))
            return (ImportRefusals.Phone, phone);
        return null;
    }

    /// <summary>What the row says, without the values that the customer had corrected: of each of those the row is reported.</summary>
    private CustomerDraft Uncorrected(CustomerDraft old, Told told, HashSet<string>? corrected)
    {
        var draft = told.Draft;
        return corrected is null ? draft : draft with
        {
            Name = Right(CorrectedField.Name, draft.Name, old.Name, "name"), ContactPerson = Right(CorrectedField.ContactPerson, draft.ContactPerson, old.ContactPerson, "contact_person"),
            Mail = Right(CorrectedField.Mail, draft.Mail, old.Mail, "mail"), Phone = Right(CorrectedField.Phone, draft.Phone, old.Phone, "phone"),
            Address = Right(CorrectedField.Address, draft.Address, old.Address, "address"),
        };

        string? Right(CorrectedField field, string? value, string? stored, string column)
        {
            if (value is null || value == stored || Corrections.HashOf(Context.Storage.Numbers, old.Id, field, value) is not { } hash || corrected?.Contains(hash) != true)
                return value;
            Late.Add((told.Line, 0, ImportRefusals.Corrected with { Field = Context.Map.Columns.GetValueOrDefault(column, column) }));
            return null;
        }
    }

    /// <summary>Of who is only stored nothing is taken over but the unit, which is ours; a row that says something else is reported.</summary>
    private CustomerDraft OnlyStored(CustomerDraft old, Told told)
    {
        var stored = old with { UnitId = told.Draft.UnitId ?? old.UnitId };
        if (Merge(old, told.Draft) != stored)
            Late.Add((told.Line, 0, ImportRefusals.OnlyStored));
        return stored;
    }

    /// <summary>Changes customers as their rows say. Whom somebody else changed meanwhile is read and judged again: what people did is not undone.</summary>
    private async Task Change(IReadOnlyList<KeyValuePair<long, Told>> chunk, CancellationToken ct)
    {
        for (var tries = 0; chunk.Count > 0 && tries < Tries; tries++)
            chunk = await TryChange(chunk, ct);
        foreach (var (_, told) in chunk)
            Late.Add((told.Line, 1, ImportRefusals.ChangedMeanwhile));
    }

    /// <summary>Returns those who were changed meanwhile.</summary>
    private async Task<IReadOnlyList<KeyValuePair<long, Told>>> TryChange(IReadOnlyList<KeyValuePair<long, Told>> chunk, CancellationToken ct)
    {
        await using var db = Context.Storage.NewAppDb();
        var ids = chunk.Select(c => c.Key).ToList();
        var stored = await db.Customers.AsNoTracking().Where(c => ids.Contains(c.Id)).ToListAsync(ct);
        var vault = new Vault(Context.Storage.Keys);
        var profiles = await vault.OpenAll<CustomerProfile>(DataClass.Profile, CustomerTable.ProfilePlace, Sealed(stored, c => c.Profile), ct);
        var contacts = await vault.OpenAll<CustomerContact>(DataClass.Contact, CustomerTable.ContactPlace, Sealed(stored, c => c.Contact), ct);
        var identities = await vault.OpenAll<CustomerIdentity>(DataClass.Case, CustomerTable.IdentityPlace, Sealed(stored, c => c.Identity), ct);
        var corrected = await Corrections.Of(db, vault, ids, ct);
        var told = chunk.ToDictionary(c => c.Key, c => c.Value);
        var (changed, unchanged) = (new List<CustomerDraft>(), 0);
        foreach (var customer in stored)
        {
            if (!profiles.TryGetValue(customer.Id, out var profile))
                continue;
            var (contact, identity) = (contacts.GetValueOrDefault(customer.Id), identities.GetValueOrDefault(customer.Id));
            var old = new CustomerDraft(customer.Id, customer.NumberToken!)
            {
                Number = profile.ExternalNumber, Notes = profile.Notes, Currency = customer.Currency, UnitId = customer.UnitId, Language = customer.Language,
                Kind = customer.Kind, Tier = customer.Tier, Country = customer.Country, Industry = customer.Industry, Since = customer.Since,
                Name = identity?.Name is { Length: > 0 } name ? name : null, ContactPerson = identity?.ContactPerson, ClearName = customer.OrganisationName,
                Mail = contact?.Mail, Phone = contact?.Phone, Address = contact?.Address, Version = customer.Version,
            };
            var says = told[customer.Id];
            var now = customer.RestrictedAt is null ? Merge(old, Uncorrected(old, says, corrected.GetValueOrDefault(customer.Id))) : OnlyStored(old, says);
            if (now == old)
                unchanged++;
            else
                changed.Add(now);
        }
        // A dry run has counted them, and only reports.
        if (Context.IsDryRun)
            return [];
        var missed = await CustomerWriter.Update(Context, changed, ct);
        (Changed, Unchanged) = (Changed + changed.Count - missed.Count, Unchanged + unchanged);
        // What was reported of these is reported anew.
        var lines = missed.Select(id => told[id].Line).ToHashSet();
        Late.RemoveAll(l => lines.Contains(l.Line));
        return [.. chunk.Where(c => missed.Contains(c.Key))];
    }

    /// <summary>What a row says of a customer who is known.</summary>
    private sealed record Told(CustomerDraft Draft, long Line);

    private static List<(long, string, byte[])> Sealed(IEnumerable<Customer> customers, Func<Customer, byte[]?> blob) =>
        [.. customers.Where(c => blob(c) is not null).Select(c => (c.Id, c.Row, blob(c)!))];
}

/// <summary>Contacts of customers that are there already.</summary>
internal sealed class ContactRows(ImportContext context) : CustomerRows(context)
{
    protected override bool CreatesNew => false;

    protected override (CustomerDraft?, Refusal?, int) Read(ImportRow row, string number)
    {
        if (TooLong(row) is { } tooLong)
            return (null, tooLong.Refusal, tooLong.Column);
        if (Broken(row, 4) is { } broken)
            return (null, ImportRefusals.ControlCharacter, broken);
        if (Contact(row, 2, 3) is { } wrong)
            return (null, wrong.Refusal, wrong.Column);
        return (new CustomerDraft(0, [])
        {
            Number = number, Currency = "", ContactPerson = row.Text(1), Mail = Usual(row.Text(2)), Phone = row.Text(3), Address = row.Text(4),
        }, null, -1);
    }

    protected override CustomerDraft Merge(CustomerDraft old, CustomerDraft told) =>
        old with
        {
            ContactPerson = told.ContactPerson ?? old.ContactPerson, Mail = told.Mail ?? old.Mail, Phone = told.Phone ?? old.Phone, Address = told.Address ?? old.Address,
        };
}
