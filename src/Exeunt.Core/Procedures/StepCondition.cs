using System.Globalization;

namespace Exeunt.Core.Procedures;

/// <summary>What a condition looks at.</summary>
public enum CaseFact
{
    /// <summary>Portal, Phone, Mail, Chat, Visit, Api.</summary>
    Channel,

    /// <summary>Vip, Normal, HighRisk.</summary>
    Tier,

    /// <summary>"PRICE" or "PRICE/TOO_HIGH"; a first-level code fits all below it.</summary>
    Reason,

    /// <summary>Consumer or Business.</summary>
    Party,

    /// <summary>Identity level reached: 0, 1, 2.</summary>
    Level,

    /// <summary>The ground of an offboarding.</summary>
    Ground,

    /// <summary>The settlement's total without its sign, in major units, with its currency: "CNY 5000".</summary>
    Amount,
}

public enum Comparison
{
    /// <summary>One of the values.</summary>
    Is,

    /// <summary>None of the values; holds for what is not known.</summary>
    IsNot,

    /// <summary>At most the value of its currency (included). A currency that is not named is never "at most".</summary>
    AtMost,

    /// <summary>More than the value of its currency. A currency that is not named is always "more".</summary>
    MoreThan,
}

/// <summary>One condition of a step.</summary>
/// <param name="Values">At least one; of amounts one per currency.</param>
public sealed record StepCondition(CaseFact Fact, Comparison Comparison, IReadOnlyList<string> Values)
{
    /// <param name="known">The case's facts; what is not there is not known. The amount as "CNY 5000.00".</param>
    public bool Holds(IReadOnlyDictionary<CaseFact, string> known)
    {
        var value = known.GetValueOrDefault(Fact);
        return Comparison switch
        {
            Comparison.Is => value is not null && Values.Any(v => Fits(v, value)),
            Comparison.IsNot => value is null || !Values.Any(v => Fits(v, value)),
            Comparison.AtMost => value is not null && Limit(value) is { } most && Number(value) <= most,
            _ => value is not null && (Limit(value) is not { } most || Number(value) > most),
        };
    }

    private static bool Fits(string wanted, string value) =>
        string.Equals(wanted, value, StringComparison.OrdinalIgnoreCase) || value.StartsWith(wanted + "/", StringComparison.OrdinalIgnoreCase);

    private decimal? Limit(string value) =>
        Fact != CaseFact.Amount
            ? Number(Values[0])
            : Values.FirstOrDefault(v => v.StartsWith(value[..4], StringComparison.Ordinal)) is { } own ? Number(own) : null;

    private static decimal Number(string text) =>
        decimal.TryParse(text.Split(' ')[^1], NumberStyles.Number, CultureInfo.InvariantCulture, out var number) ? number : decimal.MaxValue;
}
