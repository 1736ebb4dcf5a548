using Exeunt.App.Features.Imports;
using Exeunt.Core;
using Exeunt.Core.Activity;

namespace Exeunt.App.Features.Facts;

/// <summary>What a line does with the facts of its number.</summary>
public enum FactCorrecting
{
    /// <summary>The lines of this number that say so replace whatever was told of it, and whatever will be told of it in the ordinary way.</summary>
    Replace,

    /// <summary>What was told of this number did not happen.</summary>
    Cancel,
}

/// <summary>
/// One fact as a source tells it. Which fields a kind takes, beside number, day and correction:
/// <code>
/// order, return   amount (above 0), cost, productLine
/// adjustment      amount (any but 0), productLine
/// due             amount (above 0), dueOn (default: the day itself)
/// payment         amount (any but 0; below 0 is money given back)
/// complaint       verdict (default: pending)
/// contact         minutes, cost or hourCost
/// usage           times (default 1)
/// promise         kept (needed)
/// rating          score (1 to 5, two decimals), until (needed)
/// </code>
/// The day is from 1970 on and not later than tomorrow; due days may be up to 2200. Amounts are major units of the customer's currency, with no
/// more decimals than it has. A cancelling line needs kind, number and day only.
/// </summary>
/// <param name="Number">
/// The document's number at its source; empty: it has none, cannot be corrected, and an equal fact told later is taken for the same told again.
/// </param>
/// <param name="On">Civil date on which it happened.</param>
/// <param name="HourCost">What an hour of such a contact costs; the cost is minutes × this ÷ 60, rounded half up.</param>
/// <param name="Kept">Whether a promise was kept.</param>
/// <param name="Until">Last day on which a rating counts.</param>
public sealed record FactLine(
    FactKind? Kind, DateOnly? On, string? Number = null, decimal? Amount = null, decimal? Cost = null, string? ProductLine = null, DateOnly? DueOn = null,
    ComplaintVerdict? Verdict = null, int? Minutes = null, decimal? HourCost = null, long? Times = null, bool? Kept = null, decimal? Score = null, DateOnly? Until = null,
    FactCorrecting? Correction = null)
{
    public const int MaxNumber = 200;

    /// <summary>Largest number of minutes or times in a line.</summary>
    public const int MaxCount = 1_000_000;

    /// <summary>How long after a rating its last day may lie.</summary>
    private const int MaxDays = 3_660;

    private static readonly DateOnly First = new(1970, 1, 1);
    private static readonly DateOnly LastDue = new(2200, 12, 31);

    /// <summary>Whether something can have happened on a day: from 1970 on, and not later than tomorrow, since it is tomorrow somewhere.</summary>
    /// <param name="today">The company's business date.</param>
    public static bool IsDay(DateOnly on, DateOnly today) => on >= First && on <= today.AddDays(1);

    /// <summary>The code of the product line without blanks around it; null: none.</summary>
    public string? LineCode => string.IsNullOrWhiteSpace(ProductLine) ? null : ProductLine.Trim();

    /// <summary>Reads the line into kind, day, amount and detail as they are stored, or says which field is wrong.</summary>
    /// <param name="digits">Decimals of the customer's currency.</param>
    /// <param name="today">The company's business date.</param>
    public Outcome<Fact> Read(int digits, DateOnly today)
    {
        if (Kind is not { } kind || !Enum.IsDefined(kind) || kind == FactKind.Other)
            return FactRefusals.Kind;
        if (On is not { } on)
            return FactRefusals.Required("date");
        // A bill's day may be the day on which it falls due.
        if (kind == FactKind.Due && DueOn is null ? on < First || on > LastDue : !IsDay(on, today))
            return FactRefusals.Day;
        if (Number?.Length > MaxNumber)
            return FactRefusals.TooLong("number");
        if (LineCode?.Length > Facts.ProductLine.MaxCode)
            return FactRefusals.TooLong("product_line");
        if (LineCode?.Any(char.IsControl) == true)
            return FactRefusals.Characters("product_line");
        if (Correction is { } correction && !Enum.IsDefined(correction))
            return FactRefusals.Required("correction");
        if (Correction is not null && string.IsNullOrWhiteSpace(Number))
            return FactRefusals.Required("number");
        if (Correction == FactCorrecting.Cancel)
            return new Fact(kind, on, 0, "");
        if (Stray(kind) is { } stray)
            return FactRefusals.NotOfKind(stray);
        return kind switch
        {
            FactKind.Order or FactKind.Return => Traded(kind, on, digits),
            FactKind.Adjustment or FactKind.Payment => Minor(Amount, digits, out var any) && any != 0 ? new Fact(kind, on, any, "") : FactRefusals.Amount("amount"),
            FactKind.Due => Billed(on, digits),
            FactKind.Complaint => Verdict is null || Enum.IsDefined(Verdict.Value) ? new Fact(kind, on, 0, "", (long)(Verdict ?? ComplaintVerdict.Pending)) : FactRefusals.Required("verdict"),
            FactKind.Contact => Talked(on, digits),
            FactKind.Usage => (Times ?? 1) is >= 1 and <= MaxCount and var times ? new Fact(kind, on, times, "") : FactRefusals.Count("times"),
            FactKind.Promise => Kept is { } kept ? new Fact(kind, on, 0, "", kept ? 1 : 0) : FactRefusals.Required("kept"),
            _ => Rated(on),
        };
    }

    private Outcome<Fact> Traded(FactKind kind, DateOnly on, int digits)
    {
        if (!Minor(Amount, digits, out var amount) || amount <= 0)
            return FactRefusals.Amount("amount");
        long cost = 0;
        if (Cost is not null && (!Minor(Cost, digits, out cost) || cost < 0))
            return FactRefusals.Amount("cost");
        var sign = kind == FactKind.Return ? -1 : 1;
        return new Fact(kind, on, sign * amount, "", Cost is null ? null : sign * cost);
    }

    private Outcome<Fact> Billed(DateOnly on, int digits)
    {
        if (!Minor(Amount, digits, out var amount) || amount <= 0)
            return FactRefusals.Amount("amount");
        var due = DueOn ?? on;
        return due < on || due > LastDue ? FactRefusals.DueDay : new Fact(FactKind.Due, on, amount, "", due.DayNumber);
    }

    private Outcome<Fact> Talked(DateOnly on, int digits)
    {
        if (Minutes is < 0 or > MaxCount)
            return FactRefusals.Count("minutes");
        long cost = 0;
        if (Cost is not null && (!Minor(Cost, digits, out cost) || cost < 0))
            return FactRefusals.Amount("cost");
        if (Cost is null && HourCost is not null)
        {
            if (!Minor(HourCost, digits, out var hour) || hour < 0)
                return FactRefusals.Amount("hour_cost");
            if (Minutes is null)
                return FactRefusals.Required("minutes");
            var exact = Math.Round((decimal)hour * Minutes.Value / 60, MidpointRounding.AwayFromZero);
            if (exact > FactReading.MaxAmount)
                return FactRefusals.Amount("hour_cost");
            cost = (long)exact;
        }
        return new Fact(FactKind.Contact, on, Minutes ?? 0, "", Cost is null && HourCost is null ? null : cost);
    }

    private Outcome<Fact> Rated(DateOnly on)
    {
        if (Score is not { } score || score is < 1 or > 5 || !decimal.IsInteger(score * 100))
            return FactRefusals.Score;
        if (Until is not { } until)
            return FactRefusals.Required("until");
        return until < on || until.DayNumber - on.DayNumber > MaxDays ? FactRefusals.Until : new Fact(FactKind.Rating, on, (long)(score * 100), "", until.DayNumber);
    }

    /// <summary>A field that is filled and that this kind does not have.</summary>
    private string? Stray(FactKind kind)
    {
        var trade = kind <= FactKind.Adjustment;
        return Amount is not null && !Fact.IsMoney(kind) ? "amount"
            : Cost is not null && kind is not (FactKind.Order or FactKind.Return or FactKind.Contact) ? "cost"
            : LineCode is not null && !trade ? "product_line"
            : DueOn is not null && kind != FactKind.Due ? "due_on"
            : Verdict is not null && kind != FactKind.Complaint ? "verdict"
            : Minutes is not null && kind != FactKind.Contact ? "minutes"
            : HourCost is not null && kind != FactKind.Contact ? "hour_cost"
            : Times is not null && kind != FactKind.Usage ? "times"
            : Kept is not null && kind != FactKind.Promise ? "kept"
            : Score is not null && kind != FactKind.Rating ? "score"
            : Until is not null && kind != FactKind.Rating ? "until"
            : null;
    }

    /// <summary>Major units as whole minor units; false when there is none, it has too many decimals or is too large.</summary>
    private static bool Minor(decimal? major, int digits, out long minor)
    {
        minor = 0;
        if (major is not { } value || Math.Abs(value) > FactReading.MaxAmount)
            return false;
        for (var i = 0; i < digits; i++)
            value *= 10;
        if (!decimal.IsInteger(value) || Math.Abs(value) > FactReading.MaxAmount)
            return false;
        minor = (long)value;
        return true;
    }
}
