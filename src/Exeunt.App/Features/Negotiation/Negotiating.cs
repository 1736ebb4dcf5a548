using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Negotiation;

/// <summary>What the two sides of a negotiation share: the policy's fee, making a proposal, confirming it, signing.</summary>
public sealed class Negotiating(
    AppDb db, CaseTexts texts, CaseFacts facts, Settling settling, SettleStep step, CaseLetters letters, Papers papers, Letterhead letterhead, Customers.NumberTokens numbers)
{
    public const int MaxWords = 2000;

    /// <param name="Fee">As typed, in major units.</param>
    public sealed record Typed(DateOnly? EndsOn, string? Fee, int? Instalments, string? Words);

    /// <summary>The policy's fee for leaving on a day, and its most instalments.</summary>
    public async Task<Outcome<(Money Fee, int? Instalments)>> PolicyOn(ExitCase exit, DateOnly day, CancellationToken ct)
    {
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var written = await facts.Written(exit.Id, contract, day, ct);
        var built = await settling.Compute(contract, day, ct, written);
        if (built.Refusal is { } no)
            return no;
        var fee = built.Value.Lines.Where(l => l.Code == LineCode.Etf).Select(l => (Money?)l.Amount).FirstOrDefault() ?? Money.Zero(contract.Currency);
        return (Money.Max(fee, Money.Zero(contract.Currency)), (await settling.PolicyOf(contract, ct)).Instalments?.MaxCount);
    }

    /// <summary>Makes a proposal of one side and stages it.</summary>
    public async Task<Outcome<Proposal>> Propose(ExitCase exit, Typed typed, bool byCustomer, Call call, CancellationToken ct)
    {
        if (exit.CannotPropose() is { } not)
            return not;
        if (typed.EndsOn is not { } day)
            return CommonRefusals.Required("endsOn");
        if (typed.Words is { Length: > MaxWords })
            return CommonRefusals.TooLong("words", MaxWords);
        var today = call.Today(exit.Zone!);
        if (day < today || day > today.AddDays(AgreedTerms.MaxDays))
            return ProposalRefusals.Date(today, today.AddDays(AgreedTerms.MaxDays));
        var policy = await PolicyOn(exit, day, ct);
        if (policy.Refusal is { } uncomputed)
            return uncomputed;
        Money fee;
        try
        {
            fee = string.IsNullOrWhiteSpace(typed.Fee) ? policy.Value.Fee : TypedAmount.Read(typed.Fee, policy.Value.Fee.Currency, "fee");
        }
        catch (CalculationException e)
        {
            return e.Beside("fee");
        }
        var words = string.IsNullOrWhiteSpace(typed.Words) ? null : typed.Words.Trim();
        var terms = new AgreedTerms(day, fee, typed.Instalments, words is null ? null : Convert.ToHexStringLower(numbers.Of("proposal-words", words)));
        if (terms.Check(today, policy.Value.Fee, policy.Value.Instalments) is { } wrong)
            return wrong;
        if (!byCustomer && await OverAuthority(exit, terms.GivenUp(policy.Value.Fee), call, ct) is { } over)
            return over;
        var number = exit.ProposalNumber + 1;
        var proposal = new Proposal
        {
            Id = Guid.CreateVersion7(call.Now), CaseId = exit.Id, Number = number, ByCustomer = byCustomer, By = call.Actor.Id, At = call.Now, EndsOn = day, Fee = fee.Minor,
            PolicyFee = policy.Value.Fee.Minor, Currency = fee.Currency, Instalments = typed.Instalments, WordsSha256 = terms.WordsSha256,
            TextId = words is null ? null : await texts.Stage(exit, "proposal", words, ct), Digest = terms.Digest(exit.Id, number),
        };
        db.Set<Proposal>().Add(proposal);
        if (exit.Propose(proposal.Id, byCustomer, proposal.Digest) is { } no)
            return no;
        return proposal;
    }

    /// <summary>Confirms the proposal on the table for one side; with both sides agreed it is signed at once.</summary>
    public async Task<Refusal?> Confirm(ExitCase exit, string? seen, bool byCustomer, Call call, CancellationToken ct)
    {
        if (exit.IsClosed || exit.ProposalId is not { } id)
            return exit.IsClosed ? CaseRefusals.Closed : CaseRefusals.NoProposal;
        var proposal = await db.Set<Proposal>().SingleAsync(p => p.Id == id, ct);
        // What was possible when it was proposed must be so now: the day has not passed, the fee is not dearer than the policy's.
        var policy = await PolicyOn(exit, proposal.EndsOn, ct);
        if ((policy.Refusal ?? proposal.Terms.Check(call.Today(exit.Zone!), policy.Value.Fee, policy.Value.Instalments)) is { } wrong)
            return wrong;
        if (!byCustomer && await OverAuthority(exit, proposal.Terms.GivenUp(policy.Value.Fee), call, ct) is { } over)
            return over;
        if (exit.ConfirmProposal(byCustomer, seen ?? "") is { } no)
            return no;
        (proposal.ConfirmedBy, proposal.ConfirmedAt) = (call.Actor.Id, call.Now);
        return exit.BothAgree ? await Sign(exit, proposal, policy.Value.Fee, call, ct) : null;
    }

    /// <summary>
    /// The agreement as a signed paper; from it the date, the instalments and a line for what the company gives up, and the settlement
    /// computed again from all that.
    /// </summary>
    private async Task<Refusal?> Sign(ExitCase exit, Proposal proposal, Money policyFee, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var contract = await db.Contracts.SingleAsync(c => c.Id == exit.ContractId, ct);
        var words = proposal.TextId is { } text ? (await texts.All(exit.Id, ct)).GetValueOrDefault(text) : null;
        var paragraphs = new List<string>
        {
            t["agreement.opening", exit.Number, t.Pick(contract.ProductEnglish, contract.ProductChinese)],
            t["agreement.ends", t.Date(proposal.EndsOn)],
            t["agreement.fee", Ui.Amounts.Text(proposal.Terms.Fee), Ui.Amounts.Text(policyFee)],
        };
        if (proposal.Instalments is { } count)
            paragraphs.Add(t["agreement.instalments", count]);
        if (words is not null)
            paragraphs.Add(t["agreement.words", words]);
        paragraphs.Add(t["agreement.rest"]);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!);
        string When(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
        var letter = new LetterContent(
            exit.Language, await letterhead.Issuer(t, ct), [await letters.NameOf(exit.CustomerId!.Value, ct) ?? ""], exit.Number, t["agreement.title"], paragraphs, [], null,
            [
                t["agreement.proposed", t[proposal.ByCustomer ? "agreement.customer" : "agreement.company"], When(proposal.At)],
                t["agreement.confirmed", t[proposal.ByCustomer ? "agreement.company" : "agreement.customer"], When(proposal.ConfirmedAt!.Value)],
                t["agreement.digest", proposal.Digest],
            ],
            call.Now, zone);
        var pdf = LetterDocument.Make(letter, Letterhead.Fonts, await letterhead.Key(ct));
        var paper = await papers.Stage(exit, exit.CustomerId.Value, DataClass.Case, DocumentKind.Agreement,
            string.Create(CultureInfo.InvariantCulture, $"{exit.Number}-agreement-{proposal.Number}.pdf"), "application/pdf", pdf, call, ct);
        proposal.AgreementId = paper.Id;
        if (exit.SignAgreement(paper.Id, proposal.EndsOn) is { } no)
            return no;
        contract.LastServiceDay = exit.EffectiveOn;
        contract.Version++;
        if (proposal.Terms.GivenUp(policyFee) is { Minor: > 0 } givenUp)
        {
            var label = Texts.Everything["agreement.line"];
            var line = CaseLine.Agreed(Guid.CreateVersion7(call.Now), exit.Id, "waiver.agreement", givenUp, new(label[0], label[1]),
                string.Create(CultureInfo.InvariantCulture, $"{exit.Number}/{proposal.Number}"), proposal.By, proposal.ConfirmedBy!, call.Now);
            db.CaseLines.Add(line);
            if (exit.AddLine(line.Id, CaseLineKind.Waiver) is { } not)
                return not;
        }
        if (proposal.Instalments is not null && await WriteInstalments(exit, contract, proposal, call, ct) is { } unwritten)
            return unwritten;
        if (await step.StageAgain(exit, call, ct) is { } uncomputed)
            return uncomputed;
        await letters.Mail(exit, call, "mail.agreement", [exit.Number, t.Date(exit.EffectiveOn!.Value)], [paper.Id], ct);
        return null;
    }

    private async Task<Refusal?> WriteInstalments(ExitCase exit, Contract contract, Proposal proposal, Call call, CancellationToken ct)
    {
        var agreed = CaseFacts.Write(await facts.Written(exit.Id, contract, exit.EffectiveOn!.Value, ct) with { Instalments = proposal.Instalments });
        var row = await db.SettlementFacts.SingleOrDefaultAsync(f => f.CaseId == exit.Id, ct);
        if (row is null)
            db.SettlementFacts.Add(row = new FactsOfTheEnd { CaseId = exit.Id, Facts = agreed, ChangedBy = call.Actor.Id, ChangedAt = call.Now });
        (row.Facts, row.ChangedBy, row.ChangedAt) = (agreed, call.Actor.Id, call.Now);
        row.Version++;
        return exit.ChangeFacts(row.Version);
    }

    /// <summary>Whether what is given up, with all other credits of the case, is more than this person may give up.</summary>
    private async Task<Refusal?> OverAuthority(ExitCase exit, Money givenUp, Call call, CancellationToken ct)
    {
        if (givenUp.IsZero)
            return null;
        var others = (await facts.Lines(exit.Id, ct)).Where(l => l.IsCredit && (l.Counts || l.IsOpen)).Aggregate(Money.Zero(givenUp.Currency), (sum, l) => sum + l.Value);
        var needed = WaiverMatrix.Needed(givenUp + others);
        var path = await db.Units.AsNoTracking().Where(u => u.Id == exit.UnitId).Select(u => u.Path).SingleAsync(ct);
        return needed.All(n => WaiverMatrix.Holds(call.Actor, n, path)) ? null : ProposalRefusals.OverAuthority(givenUp, needed);
    }

}
