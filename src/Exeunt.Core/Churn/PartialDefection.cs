namespace Exeunt.Core.Churn;

/// <summary>How far a customer has taken business elsewhere (部分流失、完全流失).</summary>
public enum Defection
{
    /// <summary>The drop is below both thresholds.</summary>
    None,

    /// <summary>关注: the drop has reached the threshold for a closer look.</summary>
    Watched,

    /// <summary>部分流失: the drop has reached the threshold for partial defection.</summary>
    Partial,

    /// <summary>完全流失: churned by months.</summary>
    Complete,
}

/// <summary>
/// Partial defection: the drop of the share of wallet, 1 − share now ÷ share then; where the wallet is not known, the drop of the
/// share of the customer's own usual spend. Drops are ten-thousandths: 5,500 is 55 %; below 0 is a rise.
/// </summary>
public static class PartialDefection
{
    private const long Whole = 10_000;

    /// <summary>
    /// The drop of the share of wallet, rounded half away from zero. All amounts are minor units of one currency; wallets are what
    /// the customer spends in the category with anybody.
    /// </summary>
    /// <returns>Null when a wallet is 0 or less or the share then was 0 or less: of nothing there is no drop.</returns>
    public static long? Drop(long spendNow, long walletNow, long spendThen, long walletThen)
    {
        if (walletNow <= 0 || walletThen <= 0 || spendThen <= 0)
            return null;
        var then = (decimal)spendThen / walletThen;
        var now = (decimal)spendNow / walletNow;
        return (long)Math.Round((1 - (now / then)) * Whole, MidpointRounding.AwayFromZero);
    }

    /// <summary>The drop that a share of the usual spend means (<see cref="Activity.Indicator.UsualShare"/>, ten-thousandths).</summary>
    /// <returns>Null when the share is not known.</returns>
    public static long? DropOfUsual(long usualShare) =>
        usualShare == Activity.IIndicatorValues.Unknown ? null : Whole - usualShare;

    /// <summary>Judges a drop. Both thresholds are inclusive.</summary>
    /// <param name="by">The customer's thresholds; null: the usual ones.</param>
    /// <returns>Null when the drop is not known.</returns>
    public static Defection? Of(long? drop, ChurnThresholds? by = null) =>
        drop switch
        {
            null => null,
            { } known when known >= (by ?? ChurnThresholds.Usual).PartialDrop => Defection.Partial,
            { } known when known >= (by ?? ChurnThresholds.Usual).WatchDrop => Defection.Watched,
            _ => Defection.None,
        };

    /// <summary>
    /// Judges a customer: complete when churned by months, otherwise by the drop of the share of the usual spend. A contract in term keeps
    /// nobody from spending less, but its customer is not churned; who pauses as agreed, or is silent as in every year, is not judged.
    /// </summary>
    /// <param name="churn">The customer's state by the same thresholds.</param>
    /// <param name="usualShare"><see cref="Activity.Indicator.UsualShare"/>.</param>
    /// <param name="by">The customer's thresholds; null: the usual ones.</param>
    /// <returns>Null when not judged, or when the drop is not known.</returns>
    public static Defection? Of(ChurnStatus churn, long usualShare, ChurnThresholds? by = null) =>
        churn switch
        {
            { State: ChurnState.Churned } => Defection.Complete,
            { Exclusion: ExclusionReason.AgreedPause or ExclusionReason.Seasonal } => null,
            _ => Of(DropOfUsual(usualShare), by),
        };
}
