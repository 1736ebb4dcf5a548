using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Identity;

/// <summary>
/// For a customer who cannot have a code (no mailbox any more, a letter, a declaration on a legal page): a member of staff says whose contract
/// it is and what proves it. Nothing follows until a second person has looked (<see cref="ConfirmVouch"/>).
/// </summary>
public sealed class VouchForIdentity(AppDb db, CaseDesk desk, CaseTexts texts, NumberTokens numbers) : UseCase<VouchForIdentity.Request, Done>(db)
{
    /// <param name="Words">What was seen: kind of paper, issuer, number called. No number of an identity document.</param>
    public sealed record Request(Guid CaseId, string? ContractNumber, string? Method, string? Words);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (exit.HasCustomer)
            return CaseRefusals.IdentityProvenAlready;
        if (CommonRefusals.UnfitLine("contractNumber", request.ContractNumber, Intake.MaxNumber, out var missing))
            return missing;
        if (!RecordIdentityCheck.Methods.Contains(request.Method))
            return IdentityRefusals.Method;
        if (CommonRefusals.Unfit("words", request.Words, RecordIdentityCheck.Max, out var unfit))
            return unfit;
        var token = numbers.OfContract(request.ContractNumber);
        if (await Db.Contracts.AsNoTracking().Where(c => c.NumberToken == token)
                .Select(c => new { c.Id, Path = Db.Customers.Where(k => k.Id == c.CustomerId).SelectMany(k => Db.Units.Where(u => u.Id == k.UnitId)).Select(u => u.Path).First() }).SingleOrDefaultAsync(ct) is not { } contract
            || !call.Actor.Allows(Needs, contract.Path))
            return IdentityRefusals.NoSuchContract;
        var text = await texts.Stage(exit, "identity", request.Words.Trim(), ct);
        var vouch = await Db.Set<Vouch>().SingleOrDefaultAsync(v => v.CaseId == exit.Id, ct);
        if (vouch is null)
            Db.Set<Vouch>().Add(vouch = new Vouch { CaseId = exit.Id });
        // A second try takes the place of the first: whoever says it last is the one who needs a second.
        (vouch.ContractId, vouch.Method, vouch.TextId, vouch.By, vouch.At) = (contract.Id, request.Method!, text, call.Actor.Id, call.Now);
        vouch.Version++;
        Db.Audit(call, "identity.vouched", $"case:{exit.Id:N}", new { request.Method, text });
        return await Commit(Done.It, ct);
    }
}
