namespace Exeunt.Core.Cases;

/// <summary>By what office somebody may give up money of the company.</summary>
public enum WaiverAuthority
{
    /// <summary>A supervisor of the case's unit.</summary>
    Lead,

    /// <summary>The head of the case's branch.</summary>
    Manager,

    /// <summary>A head of the whole company.</summary>
    Director,
    Finance,
}

/// <summary>Who approves waivers and goodwill: amounts in major units of a currency, as data.</summary>
public static class WaiverMatrix
{
    /// <summary>One column: up to this amount (included; null: any) these must approve, each a person of their own.</summary>
    public sealed record Column(long? UpTo, IReadOnlyList<WaiverAuthority> Approvers);

    /// <summary>By currency. One that is not here takes the last column, whatever the amount.</summary>
    public static readonly IReadOnlyDictionary<string, IReadOnlyList<Column>> Columns = new Dictionary<string, IReadOnlyList<Column>>
    {
        ["CNY"] =
        [
            new(5_000, [WaiverAuthority.Lead]), new(50_000, [WaiverAuthority.Manager]), new(500_000, [WaiverAuthority.Director]),
            new(null, Strictest),
        ],
    };

    private static WaiverAuthority[] Strictest => [WaiverAuthority.Director, WaiverAuthority.Finance];

    /// <summary>The approvals needed.</summary>
    /// <param name="total">Everything given up in the case, this line included, so that an amount cannot be cut into small ones.</param>
    public static IReadOnlyList<WaiverAuthority> Needed(Money total)
    {
        if (!Columns.TryGetValue(total.Currency, out var columns))
            return Strictest;
        Int128 unit = 1;
        for (var i = Currency.MinorDigits(total.Currency); i > 0; i--)
            unit *= 10;
        return columns.First(c => c.UpTo is not { } most || total.Minor <= most * unit).Approvers;
    }

    /// <summary>Whether the actor holds the authority for a unit; a higher one includes the lower, finance stands apart.</summary>
    /// <param name="unitPath">The case's unit, "1.3.12.".</param>
    public static bool Holds(Actor actor, WaiverAuthority authority, string unitPath)
    {
        var whole = unitPath[..(unitPath.IndexOf('.', StringComparison.Ordinal) + 1)];
        return authority switch
        {
            WaiverAuthority.Lead => actor.Has(Role.Supervisor, unitPath) || actor.Has(Role.BranchHead, unitPath),
            WaiverAuthority.Manager => actor.Has(Role.BranchHead, unitPath),
            WaiverAuthority.Director => actor.Has(Role.BranchHead, whole),
            _ => actor.Has(Role.Finance, unitPath),
        };
    }
}
