using System.Security.Cryptography;
using System.Text;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Customers;

public enum CustomerKind
{
    Person,
    Organisation,
}

public enum CustomerTier
{
    Normal,
    Vip,
    HighRisk,
}

/// <summary>
/// A customer under our internal number. Everything personal is sealed, one blob per class; what stays in clear is what may
/// stay after an erasure: unit, kind, country, dates. An organisation's name is not personal data.
/// </summary>
public sealed class Customer
{
    public required long Id { get; init; }

    /// <summary>Which system the external number comes from ("retail", "cdnow", "demo", "crm"…).</summary>
    public required string Source { get; init; }

    /// <summary>Keyed token of source and external number: finds the customer at import; moved to the erasure ledger at exit.</summary>
    public byte[]? NumberToken { get; set; }
    public required int UnitId { get; set; }

    /// <summary>The account manager.</summary>
    public Guid? OwnerId { get; set; }

    /// <summary>First day without one of the company's people looking after the customer (取消客户的业务管理); null: not given up.</summary>
    public DateOnly? GivenUpOn { get; set; }
    public required CustomerKind Kind { get; set; }
    public CustomerTier Tier { get; set; }
    public string? OrganisationName { get; set; }

    /// <summary>ISO 3166 alpha-2, or null.</summary>
    public string? Country { get; set; }
    public string? Industry { get; set; }

    /// <summary>First day of the relationship; null when unknown.</summary>
    public DateOnly? Since { get; set; }

    /// <summary>Language for letters: "zh" or "en".</summary>
    public required string Language { get; set; }

    /// <summary>ISO 4217 currency of this customer's facts.</summary>
    public required string Currency { get; set; }

    /// <summary>Sealed <see cref="CustomerProfile"/> (class Profile).</summary>
    public byte[]? Profile { get; set; }

    /// <summary>Sealed <see cref="CustomerContact"/> (class Contact).</summary>
    public byte[]? Contact { get; set; }

    /// <summary>Sealed <see cref="CustomerIdentity"/> (class Case).</summary>
    public byte[]? Identity { get; set; }

    /// <summary>Sealed <see cref="PayoutAccount"/> (class Payout).</summary>
    public byte[]? Payout { get; set; }

    /// <summary>When the profile was erased; null for a living customer.</summary>
    public DateTimeOffset? ErasedAt { get; set; }
    /// <summary>Since when the data is only stored, because the customer asked for it (限制处理); null: not restricted.</summary>
    public DateTimeOffset? RestrictedAt { get; set; }

    /// <summary>Since when neither marketing nor evaluation uses the data, because the customer objected; null: no objection.</summary>
    public DateTimeOffset? ObjectedAt { get; set; }
    public int Version { get; set; }

    /// <summary>Whether evaluations may use the data: not restricted, not objected to, not erased. In a query: <see cref="CustomerQueries.Judged"/>.</summary>
    public bool MayBeJudged => RestrictedAt is null && ObjectedAt is null && ErasedAt is null;

    /// <summary>Row name in associated data.</summary>
    public string Row => Id.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Class Profile: the external number, preferences, notes.</summary>
public sealed record CustomerProfile(string ExternalNumber, string? Notes = null);

/// <summary>Class Contact: how to reach them.</summary>
public sealed record CustomerContact(string? Mail, string? Phone, string? Address);

/// <summary>Class Case: who they are.</summary>
public sealed record CustomerIdentity(string Name, string? ContactPerson = null);

/// <summary>Class Payout: where a refund goes ("original means" when none is given).</summary>
public sealed record PayoutAccount(string Holder, string Account, string? Bank);

/// <summary>The keyed token under which an external number is found without being stored in clear.</summary>
public sealed class NumberTokens(byte[] key)
{
    /// <summary>First 16 bytes of HMAC-SHA256 over "source|number", the number exactly as it is given.</summary>
    public byte[] Of(string source, string number) =>
        HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{source}|{number}"))[..16];

    /// <summary>The token that a customer's external number gets, the same however the number is written (<see cref="Spelling.CustomerNumber"/>).</summary>
    public byte[] OfCustomer(string source, string number) => Of(source, Spelling.CustomerNumber(number));

    /// <summary>
    /// The tokens under which a customer's external number may be stored or suppressed, in the order in which they are to be tried: earlier
    /// versions made them of the number as it was written, and of who is erased nobody can make a new one.
    /// </summary>
    public CustomerTokens AnyOfCustomer(string source, string number)
    {
        var forms = Spelling.CustomerNumbers(number, out var own);
        return new CustomerTokens(forms[own], [.. forms.Select(form => Of(source, form))], own);
    }

    public byte[] OfContract(string number) => Of("contract", Spelling.Number(number));

    public byte[] OfOrder(string number) => Of("order", Spelling.Number(number));

    /// <summary>The token of a line of a bank's statement, of its digest: day, amount and currency stand beside it, so a bare digest would confirm a guessed name.</summary>
    public byte[] OfBankLine(byte[] digest) => Of("bank-line", Convert.ToHexStringLower(digest));

    /// <summary>The token of what a caller names: the contract and the contact on file.</summary>
    public byte[] OfCall(Guid call, string contract, string contact) => Of("call", $"{call:N}|{contract}|{contact}");
}

/// <summary>The tokens of a customer's external number.</summary>
/// <param name="Number">The number in the form in which all its spellings are the same (<see cref="Spelling.CustomerNumber"/>).</param>
/// <param name="All">Those under which it may be stored or suppressed, in the order in which they are to be tried.</param>
/// <param name="OwnAt">The place among them of the one that a new customer gets.</param>
public sealed record CustomerTokens(string Number, IReadOnlyList<byte[]> All, int OwnAt)
{
    /// <summary>The one that a new customer gets: <see cref="NumberTokens.OfCustomer"/>.</summary>
    public byte[] Own => All[OwnAt];
}

internal static class CustomerQueries
{
    /// <summary>Those whose data evaluations may use: see <see cref="Customer.MayBeJudged"/>.</summary>
    public static IQueryable<Customer> Judged(this IQueryable<Customer> customers) => customers.Where(c => c.RestrictedAt == null && c.ObjectedAt == null && c.ErasedAt == null);
}

internal sealed class CustomerTable : IEntityTypeConfiguration<Customer>
{
    public const string ProfilePlace = "customers.profile";
    public const string ContactPlace = "customers.contact";
    public const string IdentityPlace = "customers.identity";
    public const string PayoutPlace = "customers.payout";

    public void Configure(EntityTypeBuilder<Customer> table)
    {
        table.ToTable("customers");
        table.HasKey(c => c.Id);
        table.Property(c => c.Id).ValueGeneratedNever();
        table.Ignore(c => c.Row);
        table.Property(c => c.Source).HasMaxLength(40);
        table.Property(c => c.NumberToken).HasMaxLength(16);
        table.Property(c => c.OrganisationName).HasMaxLength(200);
        table.Property(c => c.Country).HasMaxLength(60);
        table.Property(c => c.Industry).HasMaxLength(60);
        table.Property(c => c.Language).HasMaxLength(5);
        table.Property(c => c.Currency).HasMaxLength(3);
        table.Property(c => c.Version).IsConcurrencyToken();
        table.HasIndex(c => c.NumberToken).IsUnique();
        table.HasIndex(c => new { c.UnitId, c.Id });
        table.HasIndex(c => c.OwnerId);
    }
}
