using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core.Contracts;

namespace Exeunt.App.Features.Contracts;

/// <summary>What a contract says beside its product, term and fee, in words; what it does not have is left out.</summary>
public static class ContractWords
{
    public static IReadOnlyList<string> Of(ContractTerms terms, Texts t)
    {
        var words = new List<string> { t.Of("contract.party", terms.Party), t[terms.AutoRenew ? "contract.renews" : "contract.ends"] };
        void Add(bool has, string key, params object?[] arguments)
        {
            if (has)
                words.Add(t[key, arguments]);
        }
        Add(terms.BillingMonths > 1, "contract.billed", terms.BillingMonths);
        Add(terms.BillingAnchor is not null, "contract.anchor", terms.BillingAnchor is { } anchor ? t.Date(anchor) : "");
        Add(terms.NoticeDays is not null, "contract.notice", terms.NoticeDays);
        Add(terms.MonthlyDiscount is not null, "contract.discount", terms.MonthlyDiscount is { } discount ? Amounts.Text(discount) : "");
        Add(terms.Deposit is not null, "contract.deposit", terms.Deposit is { } deposit ? Amounts.Text(deposit) : "");
        Add(terms.DeviceValue is not null, "contract.device", terms.DeviceValue is { } device ? Amounts.Text(device) : "", terms.DeviceMonths ?? terms.TermMonths);
        Add(terms.PrepaidCard is not null, "contract.prepaid", terms.PrepaidCard is { } card ? Amounts.Text(card.Paid) : "");
        Add(terms.PrepaidCard?.Gift is not null, "contract.gift", terms.PrepaidCard?.Gift is { } gift ? Amounts.Text(gift) : "");
        Add(terms.Insured?.PremiumsPaid is { Minor: > 0 }, "contract.premiums", terms.Insured?.PremiumsPaid is { } premiums ? Amounts.Text(premiums) : "");
        Add(terms.Insured?.SumInsured is not null, "contract.sum-insured", terms.Insured?.SumInsured is { } sum ? Amounts.Text(sum) : "");
        Add(terms.Insured?.Loan is not null, "contract.policy-loan", terms.Insured?.Loan is { } loan ? Amounts.Text(loan) : "");
        Add(terms.Earnest is not null, "contract.earnest", terms.Earnest is { } earnest ? Amounts.Text(earnest.Amount) : "");
        foreach (var agreed in terms.Amendments ?? [])
        {
            Add(agreed.Off is not null, "contract.agreed-off", agreed.Off is { } off ? Amounts.Text(off) : "", t.Date(agreed.From), agreed.Until is { } end ? t.Date(end.AddDays(-1)) : "…");
            Add(agreed.Free, "contract.agreed-free", t.Date(agreed.From), agreed.Until is { } last ? t.Date(last.AddDays(-1)) : "…");
            Add(agreed.MonthlyFee is not null, "contract.agreed-fee", agreed.MonthlyFee is { } fee ? Amounts.Text(fee) : "", t.Date(agreed.From));
        }
        return words;
    }
}
