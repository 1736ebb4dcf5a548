using System.Text.Json;
using Exeunt.Core.Settlement;

namespace Exeunt.Core.Offers;

/// <summary>
/// Everything the cost and the value of an offer are computed from, so that whoever doubts them computes them again.
/// </summary>
/// <param name="Fee">The fee a month in force when the offer was made.</param>
/// <param name="NewFee">The fee a month it would be.</param>
/// <param name="Percent">Percent off, or a year for a deferral.</param>
/// <param name="FixedCost">The entry's own cost.</param>
/// <param name="Overdue">What was overdue.</param>
/// <param name="StayPermille">The part of those who accept that is still there after 90 days, 0 to 1000.</param>
/// <param name="StayCounted">Whether that part was counted (and not assumed), <paramref name="Kept"/> of <paramref name="Accepted"/>.</param>
public sealed record OfferInputs(
    OfferCostFormula Formula, Money Fee, Money Overdue, int HorizonMonths, int MarginPercent, int StayPermille, bool StayCounted, int Accepted, int Kept, int? Percent = null, int? Months = null,
    Money? Amount = null, Money? NewFee = null, Money? FixedCost = null)
{
    /// <exception cref="JsonException">The text is not such a document.</exception>
    public static OfferInputs FromJson(string json) =>
        JsonSerializer.Deserialize<OfferInputs>(json, SettlementJson.Document) ?? throw new JsonException("Inputs are an object.");

    public string ToJson() => JsonSerializer.Serialize(this, SettlementJson.Document);

    /// <summary>From this many results on the counted part is taken.</summary>
    public const int EnoughResults = 20;

    /// <param name="accepted">Offers of the entry that were accepted and whose result is known.</param>
    /// <param name="kept">Those of them that were confirmed.</param>
    public static OfferInputs Of(OfferEntry entry, OfferParameters chosen, Money fee, Money overdue, int accepted, int kept)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(kept, accepted);
        var counted = accepted >= EnoughResults;
        return new(
            entry.Cost, fee, overdue, entry.HorizonMonths, entry.MarginPercent, counted ? (int)((2000L * kept + accepted) / (2L * accepted)) : entry.StayPercent * 10, counted, accepted, kept,
            entry.Cost == OfferCostFormula.Deferral ? entry.AnnualPercent : chosen.Percent, chosen.Months, chosen.Amount, chosen.Fee, OfferEntry.In(entry.FixedCost, fee.Currency));
    }
}

/// <summary>
/// What an offer costs and what it may save, in whole minor units; each amount is rounded once, half up. Fees of the horizon F = fee × H;
/// margin M = F × margin %; value V = F × margin % × stay ‰; net N = V − cost. What is saved counts only against leaving now: without
/// the offer nothing is expected of the customer.
/// </summary>
public sealed record OfferNumbers(OfferInputs Inputs, Money Fees, Money Margin, Money Cost, Money Value)
{
    public Money Net => Value - Cost;

    /// <exception cref="CalculationException">OVERFLOW; MIXED_CURRENCY.</exception>
    public static OfferNumbers Of(OfferInputs of)
    {
        var fees = of.Fee * of.HorizonMonths;
        return new(of, fees, fees.Share(of.MarginPercent, 100), CostOf(of), fees.Share((long)of.MarginPercent * of.StayPermille, 100_000));
    }

    /// <summary>How the cost came about, part by part.</summary>
    public Words CostWords
    {
        get
        {
            var parts = Parts(Inputs);
            if (parts.Count == 0)
                return new("Nothing is given up", "无须让利");
            Words Sum(string together, string chinese) => parts.Count == 1 ? new("", "") : new($"; {together} {Cost}", $"；{chinese} {Cost}");
            var sum = Sum("together", "合计");
            return new(string.Join("; ", parts.Select(p => $"{p.English}: {p.Sum} = {p.Cost}")) + sum.English, string.Join("；", parts.Select(p => $"{p.Chinese}：{p.Sum} = {p.Cost}")) + sum.Chinese);
        }
    }

    /// <summary>How the value came about.</summary>
    public Words ValueWords =>
        Both($"{Inputs.Fee} × {Inputs.HorizonMonths} × {Inputs.MarginPercent} % × {Inputs.StayPermille / 10}.{Inputs.StayPermille % 10} % = {Value}",
            "Fee × months of the horizon × margin × part that stays", "月费 × 考察月数 × 毛利率 × 留存率");

    /// <summary>What is assumed in it.</summary>
    public Words Assumed =>
        Inputs.StayCounted
            ? new($"The margin of {Inputs.MarginPercent} % is assumed; {Inputs.Kept} of {Inputs.Accepted} who accepted were still there after 90 days.",
                $"毛利率 {Inputs.MarginPercent}% 为假定；接受该方案的 {Inputs.Accepted} 位客户中，90 天后 {Inputs.Kept} 位仍在。")
            : new($"The margin of {Inputs.MarginPercent} % and the part that stays are assumed: only {Inputs.Accepted} results are known yet.",
                $"毛利率 {Inputs.MarginPercent}% 与留存率均为假定：目前仅有 {Inputs.Accepted} 个结果。");

    private readonly record struct Part(string English, string Chinese, string Sum, Money Cost);

    private static Money CostOf(OfferInputs of)
    {
        var cost = Money.Zero(of.Fee.Currency);
        foreach (var part in Parts(of))
            cost += part.Cost;
        return cost;
    }

    /// <summary>What is given up: by the formula, by a lower fee, and the entry's own cost.</summary>
    private static List<Part> Parts(OfferInputs of)
    {
        var parts = new List<Part>(3);
        switch (of.Formula)
        {
            case OfferCostFormula.ShareOfFee:
                parts.Add(new("Fee × months × percent", "月费 × 月数 × 折扣", $"{of.Fee} × {of.Months ?? 0} × {of.Percent ?? 0} %", (of.Fee * (of.Months ?? 0)).Share(of.Percent ?? 0, 100)));
                break;
            case OfferCostFormula.WholeFee:
                parts.Add(new("Fee × months", "月费 × 月数", $"{of.Fee} × {of.Months ?? 0}", of.Fee * (of.Months ?? 0)));
                break;
            case OfferCostFormula.Amount when of.Amount is { } amount:
                parts.Add(new("Amount paid", "支付金额", $"{amount}", amount));
                break;
            case OfferCostFormula.Deferral:
                parts.Add(new("Overdue × percent a year × months / 12", "欠款 × 年利率 × 月数 / 12", $"{of.Overdue} × {of.Percent ?? 0} % × {of.Months ?? 0} / 12",
                    of.Overdue.Share((long)(of.Percent ?? 0) * (of.Months ?? 0), 1200)));
                break;
        }
        if (of.NewFee is { } fee)
            parts.Add(new("(Fee − new fee) × months of the horizon, not below 0", "（月费 − 新月费）× 考察月数，不低于 0", $"({of.Fee} − {fee}) × {of.HorizonMonths}",
                Money.Max((of.Fee - fee) * of.HorizonMonths, Money.Zero(of.Fee.Currency))));
        if (of.FixedCost is { } own)
            parts.Add(new("The entry’s own cost", "目录固定成本", $"{own}", own));
        return parts;
    }

    private static Words Both(string sum, string english, string chinese) => new($"{english}: {sum}", $"{chinese}：{sum}");
}
