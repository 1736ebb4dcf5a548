using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.LegalPages;

namespace Exeunt.App.Features.Cases;

/// <summary>What the portal's pages show of a draft: what was typed, and, once a code was given, the contract's dates and amounts.</summary>
public sealed class ShowDraft(AppDb db, Drafts drafts, CustomerMatch match, Settling settling, Terms.OwnTerms own, ReasonBook reasons, LegalPages.LegalPageBook pages)
    : UseCase<ShowDraft.Request, ShowDraft.View>(db)
{
    public sealed record Request(string Token);

    /// <param name="Page">After a code: the page that the law asks for at this contract; null where it asks for none.</param>
    public sealed record View(Typed Typed, bool Proven, ContractView? Contract, ReasonList Reasons, LegalPage? Page);

    /// <summary>Today, the earliest end, the term's end, and the estimate for each date that is compared.</summary>
    public sealed record ContractView(
        string ProductChinese, string ProductEnglish, string Currency, DateOnly Today, DateOnly EarliestOn, DateOnly TermEndsOn,
        IReadOnlyList<Estimate> Estimates, IReadOnlyList<Exeunt.Core.Settlement.CurvePoint> Curve, Terms.OwnView Own);

    public sealed record Estimate(DateOnly On, Exeunt.Core.Settlement.Statement? Statement, Refusal? Refusal);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return Intake.DraftGone;
        var found = draft.ProvenAt is null ? null : await match.Find(typed, ct);
        if (found?.Contract.State == ContractState.Ended)
            return CaseRefusals.ContractEnded;
        return new View(typed, found is not null, found is null ? null : await ViewOf(call, found.Contract, typed.EndsOn, ct), await reasons.All(ct),
            found is null ? null : await pages.For(found.Contract, PageFunction.Ending, ct));
    }

    private async Task<ContractView> ViewOf(Call call, Contract contract, DateOnly? wished, CancellationToken ct)
    {
        var today = call.Today(contract.Zone);
        var earliest = await settling.EarliestEnd(contract, today, ct);
        var termEnd = Settling.TermsOf(contract).TermEnd;
        var days = new SortedSet<DateOnly> { earliest };
        if (termEnd > earliest)
            days.Add(termEnd);
        if (wished is { } wish && wish >= earliest)
            days.Add(wish);
        var estimates = (await settling.Compare(contract, days, ct))
            .Select(e => new Estimate(e.On, e.Statement.Succeeded ? e.Statement.Value : null, e.Statement.Refusal));
        var endsOn = wished is { } chosen && chosen > earliest ? chosen : earliest;
        var answers = await own.Of(contract, today, earliest, endsOn, null, null, Texts.In(call.Language), ct);
        var curve = await settling.Curve(contract, ShowCurve.Days(earliest, termEnd), ct);
        return new(contract.ProductChinese, contract.ProductEnglish, contract.Currency, today, earliest, termEnd, [.. estimates], curve, answers);
    }
}
