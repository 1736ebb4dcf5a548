using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offers;

namespace Exeunt.App.Features.Offers;

/// <summary>What may be offered in a case now, with conditions, cost and value; why not, where not.</summary>
public sealed class ProposeOffers(AppDb db, CaseDesk desk, OfferDesk offers) : UseCase<ProposeOffers.Request, IReadOnlyList<ProposeOffers.Row>>(db)
{
    public sealed record Request(Guid CaseId);

    /// <param name="Cost">Minor units with the smallest parameters, like <paramref name="Value"/>; null where an amount or fee is asked for.</param>
    public sealed record Row(string Entry, int Version, Words Name, string? Answers, bool Eligible, IReadOnlyList<OfferCondition> Conditions, long? Cost, long? Value, string? Currency);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<IReadOnlyList<Row>>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!exit.IdentityIsProven)
            return Core.Cases.CaseRefusals.IdentityFirst;
        return (await offers.Proposals(exit, call, ct)).Select(p => new Row(
            p.Entry.Code, p.Entry.Version, p.Entry.Name, p.Answers, p.Eligible, p.Conditions, p.Least?.Cost.Minor, p.Least?.Value.Minor, p.Least?.Cost.Currency)).ToList();
    }
}
