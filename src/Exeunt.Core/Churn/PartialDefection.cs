namespace Exeunt.Core.Churn;

/// <summary>How far a customer who still buys has taken business elsewhere (部分流失).</summary>
public enum Defection
{
    /// <summary>The drop is below both thresholds.</summary>
    None,

    /// <summary>关注: the drop has reached the threshold for a closer look.</summary>
    Watch,

    /// <summary>部分流失: the drop has reached the threshold for partial defection.</summary>
    Partial,
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
            { } known when known >= (by ?? ChurnThresholds.Usual).WatchDrop => Defection.Watch,
            _ => Defection.None,
        };
}
