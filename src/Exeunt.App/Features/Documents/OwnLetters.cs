using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Documents;

/// <summary>Letters of a procedure's own: a signed PDF and a mail with the same words, in the case's language, with the fields filled in.</summary>
public sealed class OwnLetters(AppDb db, Vault vault, CaseLetters letters, Papers papers, Letterhead letterhead)
{
    /// <summary>Stages paper and mail; returns the document's id. The caller ends the step.</summary>
    public async Task<Guid> Stage(ExitCase exit, string step, ProcedureLetter letter, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var settlement = exit.SettlementId is { } id ? await db.Settlements.AsNoTracking().SingleAsync(s => s.Id == id, ct) : null;
        var values = await Values(exit, step, contract, t, call, ct);
        var subject = LetterField.Fill(letter.Subject.In(exit.Language), values);
        List<string> paragraphs = [.. letter.Paragraphs.Select(p => LetterField.Fill(p.In(exit.Language), values))];
        var withTable = letter.Table == LetterTable.Settlement && settlement is not null;
        var pdf = LetterDocument.Make(
            new LetterContent(
                exit.Language, await letterhead.Issuer(t, ct), [values["customer.name"]], exit.Number, subject, paragraphs,
                withTable ? [.. StatementLines.Read(settlement!.Statement, t).Select(l => new AmountLine(l.Label, l.Explanation, -l.Amount))] : [],
                withTable ? new Money(-settlement!.Total, settlement.Currency) : null, [], call.Now, TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!)),
            Letterhead.Fonts, await letterhead.Key(ct));
        var document = await papers.Stage(exit, exit.CustomerId!.Value, DataClass.Case, DocumentKind.Notice, $"{exit.Number}-{letter.Code}.pdf", "application/pdf", pdf, call, ct);
        await letters.Mail(exit, call, $"{subject} · {exit.Number}", string.Join("\n\n", paragraphs), [document.Id], ct);
        return document.Id;
    }

    /// <summary>Every field of a letter; what is not known yet, or erased, is empty.</summary>
    private async Task<Dictionary<string, string>> Values(ExitCase exit, string step, Contract contract, Texts t, Call call, CancellationToken ct)
    {
        string Date(DateOnly? on) => on is { } day ? t.Date(day) : "—";
        var number = contract.Number is { } sealedNumber ? await vault.Open<string>(contract.CustomerId, DataClass.Case, ContractTable.NumberPlace, contract.Row, sealedNumber, ct) : null;
        var total = exit.SettlementTotal;
        return new(StringComparer.Ordinal)
        {
            ["case.number"] = exit.Number,
            ["customer.name"] = await letters.NameOf(exit.CustomerId!.Value, ct) ?? "—",
            ["contract.number"] = number ?? "—",
            ["product"] = t.Pick(contract.ProductEnglish, contract.ProductChinese),
            ["received.on"] = Date(Clocks.DateIn(exit.BusinessReceivedAt, exit.Zone!)),
            ["today"] = Date(call.Today(exit.Zone!)),
            ["unpaid"] = Amounts.Text(new Money(contract.Unpaid, contract.Currency)),
            ["unpaid.due"] = Date(contract.UnpaidDueOn),
            ["last.day"] = Date(exit.EffectiveOn),
            ["amount"] = total is { } sum ? Amounts.Text(new Money(Math.Abs(sum), exit.SettlementCurrency!)) : "—",
            ["balance"] = total is { } net ? t[net < 0 ? "letter.statement.we-pay" : net > 0 ? "letter.statement.you-pay" : "letter.statement.even"] : "—",
            ["period.end"] = Date(NextPeriod(exit, step, contract, call)),
        };
    }

    /// <summary>The last day of the first period that comes after a step, as if it began today.</summary>
    private static DateOnly? NextPeriod(ExitCase exit, string step, Contract contract, Call call) =>
        exit.Plan.Steps.Where(s => s.Kind == StepKind.Period && exit.Plan.IsAfter(s.Id, step)).OrderBy(s => exit.Plan.Steps.Count(other => exit.Plan.IsAfter(s.Id, other.Id))).FirstOrDefault()
            is { } period ? period.PeriodEnds(call.Today(exit.Zone!), contract.UnpaidDueOn, exit.EffectiveOn) : null;
}
