using System.Text.Json.Serialization;

namespace Exeunt.Core.Returns;

/// <summary>In which condition something came back.</summary>
public enum ReturnedCondition
{
    /// <summary>As sold: it goes back on the shelf.</summary>
    AsNew,

    /// <summary>Opened and looked at as in a shop: sold again at a lower price, no deduction.</summary>
    Opened,
    Used,
    Damaged,

    /// <summary>Parts or accessories are missing.</summary>
    Incomplete,
}

/// <summary>The company's own rules of returning, beyond the law.</summary>
public sealed record ReturnPolicy
{
    /// <summary>Days after receipt within which anything not excepted is taken back.</summary>
    public int OwnDays { get; init; } = 30;

    /// <summary>Days after receipt within which a fault is accepted where the law says less.</summary>
    public int FaultDays { get; init; } = 365;

    /// <summary>Days after the declaration within which goods are sent back.</summary>
    public int SendDays { get; init; } = 14;

    /// <summary>Days within which money goes back where no law says it.</summary>
    public int RefundDays { get; init; } = 14;

    /// <summary>Days the customer has to say that a result is wrong.</summary>
    public int ConfirmDays { get; init; } = 7;

    /// <summary>Whether a person decides on everything beyond the law, not only on what nothing promises.</summary>
    public bool AsksBeyondLaw { get; init; }

    /// <summary>The share of the refund that is deducted for a condition, 0 to 1: the published table.</summary>
    public IReadOnlyDictionary<ReturnedCondition, string> Deductions { get; init; } = new Dictionary<ReturnedCondition, string>
    {
        [ReturnedCondition.Used] = "0.2", [ReturnedCondition.Damaged] = "0.5", [ReturnedCondition.Incomplete] = "0.3",
    };

    /// <summary>Where returns of a stock location go; "" is for every other.</summary>
    public IReadOnlyDictionary<string, Words> Addresses { get; init; } = new Dictionary<string, Words>
    {
        [""] = new("Returns, 88 Zhangyang Road, Pudong, Shanghai 200120, China", "上海市浦东新区张杨路 88 号 退货组（200120）"),
    };

    /// <summary>The share that is deducted for a condition.</summary>
    public Rate DeductionFor(ReturnedCondition condition) => Rate.Parse(Deductions.GetValueOrDefault(condition, "0"), $"deductions.{condition}");

    public Words AddressOf(string location) => Addresses.GetValueOrDefault(location) ?? Addresses.GetValueOrDefault("") ?? new("—", "—");

    /// <summary>The first thing that is wrong with it, as the name of its field; null when nothing is.</summary>
    [JsonIgnore]
    public string? Wrong =>
        OwnDays is < 0 or > 3650 ? "ownDays"
        : FaultDays is < 0 or > 3650 ? "faultDays"
        : SendDays is < 3 or > 90 ? "sendDays"
        : RefundDays is < 1 or > 90 ? "refundDays"
        : ConfirmDays is < 3 or > 90 ? "confirmDays"
        : Deductions.Any(d => !IsShare(d.Value)) ? "deductions"
        : Addresses.Count is 0 or > 100 || Addresses.Values.Any(a => a is not { English.Length: > 0 and <= 300, Chinese.Length: > 0 and <= 300 }) ? "addresses"
        : null;

    /// <summary>Longest share as text: "0.3333333333".</summary>
    public const int MaxShare = 12;

    private static bool IsShare(string text)
    {
        try
        {
            var share = Rate.Parse(text, "deductions");
            return text.Length <= MaxShare && share.Numerator >= 0 && share.Numerator <= share.Denominator;
        }
        catch (CalculationException)
        {
            return false;
        }
    }
}
