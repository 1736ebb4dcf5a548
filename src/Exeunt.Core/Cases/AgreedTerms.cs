using System.Security.Cryptography;
using System.Text;

namespace Exeunt.Core.Cases;

/// <summary>The terms of an ending by agreement (协商解除).</summary>
/// <param name="EndsOn">Last service day, included.</param>
/// <param name="Fee">Fee for leaving early, 0 or more, in the contract's currency; instead of the policy's.</param>
/// <param name="Instalments">In how many instalments what the customer owes is paid; null: at once.</param>
/// <param name="WordsSha256">Keyed hash (HMAC-SHA-256) of what else was agreed (hand-back and such), lower-case hexadecimal; null: nothing. It outlives the words.</param>
public sealed record AgreedTerms(DateOnly EndsOn, Money Fee, int? Instalments, string? WordsSha256)
{
    /// <summary>How far ahead an agreed end may lie.</summary>
    public const int MaxDays = 366;

    /// <summary>SHA-256 (lower-case hexadecimal) over the case, the proposal's number and its terms: what a confirmation binds.</summary>
    public string Digest(Guid caseId, int number) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(FormattableString.Invariant(
            $"exeunt proposal 1\n{caseId:N}\n{number}\n{EndsOn:yyyy-MM-dd}\n{Fee.Minor} {Fee.Currency}\n{Instalments}\n{WordsSha256}\n"))));

    /// <summary>
    /// Why the terms cannot be proposed: a day that is over or too far, a fee below 0 or dearer than the policy's on that day, more
    /// instalments than the policy has. Null: they can.
    /// </summary>
    /// <param name="policyFee">The policy's fee for leaving on that day.</param>
    /// <param name="mostInstalments">The policy's most instalments; null: it has none.</param>
    public Refusal? Check(DateOnly today, Money policyFee, int? mostInstalments)
    {
        if (EndsOn < today || EndsOn > today.AddDays(MaxDays))
            return ProposalRefusals.Date(today, today.AddDays(MaxDays));
        if (Fee.Currency != policyFee.Currency)
            return ProposalRefusals.Currency(policyFee.Currency);
        if (Fee.Minor < 0 || Fee.Minor > policyFee.Minor)
            return ProposalRefusals.Dearer(policyFee);
        if (Instalments is { } count && (mostInstalments is not { } most || count < 2 || count > most))
            return ProposalRefusals.Instalments(mostInstalments ?? 0);
        return null;
    }

    /// <summary>What the company gives up against the policy's fee.</summary>
    public Money GivenUp(Money policyFee) => policyFee - Fee;
}

public static class ProposalRefusals
{
    public static Refusal Date(DateOnly first, DateOnly last) =>
        new(RefusalKind.Invalid, "proposal.date", $"The last service day lies between {first:yyyy-MM-dd} and {last:yyyy-MM-dd}.", $"生效日须在 {first:yyyy-MM-dd} 至 {last:yyyy-MM-dd} 之间。", first, "endsOn");

    public static Refusal Currency(string currency) =>
        new(RefusalKind.Invalid, "proposal.currency", $"The contract is in {currency}.", $"合同币种为 {currency}。", Field: "fee");

    public static Refusal Dearer(Money fee) =>
        new(RefusalKind.Invalid, "proposal.dearer-than-policy",
            $"An agreement is never dearer than the policy: the fee lies between 0 and {fee} {fee.Currency} on that day.",
            $"协议不得比政策更贵：该日费用须在 0 至 {fee} {fee.Currency} 之间。", Field: "fee");

    public static Refusal Instalments(int most) =>
        most == 0
            ? new(RefusalKind.Invalid, "proposal.no-instalments", "This policy has no instalments.", "本政策不提供分期。", Field: "instalments")
            : new(RefusalKind.Invalid, "proposal.instalments", $"Choose 2 to {most} instalments.", $"请选择 2 至 {most} 期。", Field: "instalments");

    public static Refusal OverAuthority(Money givenUp, IEnumerable<WaiverAuthority> needed) =>
        new(RefusalKind.Forbidden, "proposal.over-authority",
            $"This gives up {givenUp} {givenUp.Currency}, which needs: {string.Join(" + ", needed)}. Ask one of them to propose or confirm it.",
            $"该方案放弃 {givenUp} {givenUp.Currency}，须由以下权限提出或确认：{string.Join("＋", needed)}。");
}
