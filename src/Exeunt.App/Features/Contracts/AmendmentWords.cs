using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;

namespace Exeunt.App.Features.Contracts;

/// <summary>What an amendment changed, in words: fee, term, due date, payment.</summary>
public static class AmendmentWords
{
    public static IReadOnlyList<string> Of(ContractAmendment amendment, Texts t)
    {
        string Amount(long minor) => Amounts.Text(new Money(minor, amendment.Currency));
        var words = new List<string>();
        if (amendment.Terms is not null)
            words.Add(t["offer.amended-fee", Amount(amendment.FeeBefore), Amount(amendment.FeeAfter), t.Date(amendment.From)]
                + (amendment.Until is { } until ? t.Pick(" ", "") + t["offer.amended-until", t.Date(until.AddDays(-1))] : ""));
        if (amendment.TermEndAfter != amendment.TermEndBefore)
            words.Add(t["offer.amended-term", t.Date(amendment.TermEndBefore), t.Date(amendment.TermEndAfter)]);
        if (amendment.DueAfter is { } due)
            words.Add(t["offer.amended-due", t.Date(due)]);
        if (amendment.Paid is { } paid)
            words.Add(t["offer.amended-paid", Amount(paid)]);
        if (words.Count == 0)
            words.Add(t["offer.amended-nothing"]);
        return words;
    }
}
