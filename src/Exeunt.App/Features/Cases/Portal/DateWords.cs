using System.Globalization;
using Exeunt.App.Platform;
using Exeunt.App.Ui;

namespace Exeunt.App.Features.Cases.Portal;

/// <summary>Dates and their amounts in words.</summary>
internal static class DateWords
{
    public static string? Iso(DateOnly? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>"You pay ¥257.92".</summary>
    public static string Amount(ShowDraft.Estimate? estimate, Texts t) =>
        estimate?.Statement?.Total switch
        {
            null => t["portal.date.unknown"],
            { Minor: > 0 } owed => t["portal.date.you-pay", Amounts.Text(owed)],
            { Minor: < 0 } back => t["portal.date.you-get", Amounts.Text(-back)],
            _ => t["portal.date.even"],
        };
}
