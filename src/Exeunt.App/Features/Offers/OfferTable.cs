using System.Globalization;
using System.Text.Json;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Offers;

/// <summary>Whether an offer needed somebody's approval, and what came of it.</summary>
public enum OfferApproval
{
    NotNeeded,

    /// <summary>The customer does not see it yet.</summary>
    Waiting,
    Approved,

    /// <summary>Sent back with words; another one may be made.</summary>
    Returned,
    Refused,
}

/// <summary>What became of an accepted offer after <see cref="Offer.ResultDays"/> days.</summary>
public enum OfferResult
{
    /// <summary>Everything was done and the customer is still there.</summary>
    Confirmed,

    /// <summary>The contract is ending or has ended.</summary>
    Lost,

    /// <summary>The customer is there, but not everything was done.</summary>
    NotFulfilled,
}

/// <summary>Where an offer stands.</summary>
public enum OfferState
{
    Waiting,
    Open,
    Accepted,
    Declined,
    Expired,
    Returned,
    Refused,
}

/// <summary>An offer made in a case: from which entry, what, what it costs and is worth, who approved it; the answer, and what became of it.</summary>
public sealed class Offer
{
    /// <summary>After so many days it is looked at what became of an accepted offer.</summary>
    public const int ResultDays = 90;

    public required Guid Id { get; init; }
    public required Guid CaseId { get; init; }
    public required OfferKind Kind { get; init; }

    /// <summary>Percent off or a year; 0: none.</summary>
    public int Percent { get; init; }

    /// <summary>For how many months it holds; 0: none.</summary>
    public required int Months { get; init; }

    /// <summary>Paid to the customer, and the new fee a month: minor units; null: none.</summary>
    public long? Amount { get; init; }
    public long? NewFee { get; init; }

    /// <summary>What it costs the company and what it may save, minor units of the contract's currency; computed.</summary>
    public required long Cost { get; init; }
    public long Value { get; init; }
    public required string Currency { get; init; }

    /// <summary>What both were computed from: Core's OfferInputs as JSON; "" for offers from before there was a catalogue.</summary>
    public string Inputs { get; init; } = "";

    /// <summary>The conditions as they were found, JSON of Core's OfferCondition.</summary>
    public string Conditions { get; init; } = "";

    /// <summary>The entry it was made from, and its document as it was then with its SHA-256 (hex).</summary>
    public string EntryCode { get; init; } = "";
    public int EntryVersion { get; init; }
    public string Entry { get; init; } = "";
    public string EntryDigest { get; init; } = "";

    /// <summary>What the customer reads.</summary>
    public string WordsEnglish { get; init; } = "";
    public string WordsChinese { get; init; } = "";

    /// <summary>SHA-256 (hex) of case, entry, parameters, cost and last day of answer: what an approval binds.</summary>
    public string Digest { get; init; } = "";

    /// <summary>Last day (included) on which it can be answered, in the contract's zone; null: no limit but the end.</summary>
    public DateOnly? AnswerBy { get; init; }
    public required string MadeBy { get; init; }
    public required DateTimeOffset MadeAt { get; init; }
    public OfferApproval Approval { get; set; }

    /// <summary>Who had to approve; null: nobody.</summary>
    public Role? Approver { get; init; }
    public string? DecidedBy { get; set; }
    public DateTimeOffset? DecidedAt { get; set; }

    /// <summary>Why it was returned or refused: a personal text.</summary>
    public Guid? DecisionTextId { get; set; }
    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>The business date of the answer in the contract's zone.</summary>
    public DateOnly? AnsweredOn { get; set; }
    public bool? Accepted { get; set; }

    /// <summary>When its time ran out unanswered.</summary>
    public DateTimeOffset? ExpiredAt { get; set; }
    public OfferResult? Result { get; set; }
    public DateOnly? ResultOn { get; set; }
    public int Version { get; set; }

    public OfferState State =>
        (Approval, Accepted, ExpiredAt) switch
        {
            (OfferApproval.Waiting, _, null) => OfferState.Waiting,
            (OfferApproval.Returned, _, _) => OfferState.Returned,
            (OfferApproval.Refused, _, _) => OfferState.Refused,
            (_, true, _) => OfferState.Accepted,
            (_, false, _) => OfferState.Declined,
            (_, _, not null) => OfferState.Expired,
            _ => OfferState.Open,
        };

    /// <summary>Its time ran out. One that nobody approved goes back to its maker, and leaves room for another.</summary>
    public void Expire(DateTimeOffset at)
    {
        ExpiredAt = at;
        if (Approval == OfferApproval.Waiting)
            Approval = OfferApproval.Returned;
    }

    /// <summary>Whether the customer was asked.</summary>
    public bool WasSent => Approval is OfferApproval.NotNeeded or OfferApproval.Approved;

    /// <summary>Cost and value computed again from what was kept; null for offers from before there was a catalogue.</summary>
    public OfferNumbers? Numbers => Inputs.Length == 0 ? null : OfferNumbers.Of(OfferInputs.FromJson(Inputs));

    public OfferEntry? MadeFrom => Entry.Length == 0 ? null : OfferEntry.FromJson(Entry);

    public OfferParameters Parameters =>
        new(Percent == 0 ? null : Percent, Months == 0 ? null : Months, Amount is { } amount ? new Money(amount, Currency) : null, NewFee is { } fee ? new Money(fee, Currency) : null);

    public static string DigestOf(Guid caseId, string entryDigest, OfferParameters chosen, Money cost, DateOnly answerBy) =>
        OfferEntry.DigestOf(string.Create(CultureInfo.InvariantCulture, $"{caseId:N}\n{entryDigest}\n{chosen.Percent}|{chosen.Months}|{chosen.Amount?.Minor}|{chosen.Fee?.Minor}\n{cost.Minor} {cost.Currency}\n{answerBy:yyyy-MM-dd}"));

    public static IReadOnlyList<OfferCondition> ConditionsOf(string json) =>
        json.Length == 0 ? [] : JsonSerializer.Deserialize<List<OfferCondition>>(json, Json.Plain)!;
}

/// <summary>One version of an entry of the catalogue; the highest is the one in use.</summary>
public sealed class OfferEntryRow
{
    public required string Code { get; init; }
    public required int Version { get; init; }

    /// <summary>JSON of Core's OfferEntry, and its SHA-256 (hex).</summary>
    public required string Document { get; init; }
    public required string Digest { get; init; }
    public required string By { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class OfferTable : IEntityTypeConfiguration<Offer>, IEntityTypeConfiguration<OfferEntryRow>
{
    public void Configure(EntityTypeBuilder<Offer> table)
    {
        table.ToTable("offers", t =>
        {
            t.HasCheckConstraint("offer_is_not_approved_by_its_maker", "decided_by IS NULL OR decided_by <> made_by");
            t.HasCheckConstraint("approved_offer_has_approver", "approval <> 'Approved' OR decided_by IS NOT NULL");
            t.HasCheckConstraint("unapproved_offer_has_no_answer", "approval <> 'Waiting' OR accepted IS NULL");
        });
        table.HasKey(o => o.Id);
        foreach (var computed in new[] { nameof(Offer.State), nameof(Offer.WasSent), nameof(Offer.Numbers), nameof(Offer.MadeFrom), nameof(Offer.Parameters) })
            table.Ignore(computed);
        foreach (var who in new[] { nameof(Offer.MadeBy), nameof(Offer.DecidedBy) })
            table.Property(who).HasMaxLength(80);
        foreach (var text in new[] { nameof(Offer.Inputs), nameof(Offer.Conditions), nameof(Offer.Entry), nameof(Offer.WordsEnglish), nameof(Offer.WordsChinese) })
            table.Property(text).HasDefaultValue("");
        foreach (var digest in new[] { nameof(Offer.Digest), nameof(Offer.EntryDigest) })
            table.Property(digest).HasMaxLength(64).HasDefaultValue("");
        table.Property(o => o.EntryCode).HasMaxLength(OfferEntry.MaxCode).HasDefaultValue("");
        table.Property(o => o.Currency).HasMaxLength(3);
        table.Property(o => o.Approval).HasDefaultValue(OfferApproval.NotNeeded).HasSentinel(OfferApproval.NotNeeded);
        table.Property(o => o.Version).IsConcurrencyToken();
        // A customer is asked once in a case: one offer that was not sent back or refused.
        table.HasIndex(o => o.CaseId).IsUnique().HasFilter("approval NOT IN ('Returned', 'Refused')");
        table.HasIndex(o => o.EntryCode);
        table.HasIndex(o => o.Approval);
    }

    public void Configure(EntityTypeBuilder<OfferEntryRow> table)
    {
        table.ToTable("offer_entries");
        table.HasKey(e => new { e.Code, e.Version });
        table.Property(e => e.Code).HasMaxLength(OfferEntry.MaxCode);
        table.Property(e => e.Digest).HasMaxLength(64);
        table.Property(e => e.By).HasMaxLength(80);
    }
}
