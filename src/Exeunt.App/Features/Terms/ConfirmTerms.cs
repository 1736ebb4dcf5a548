using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>
/// Records that a customer was shown the text of a policy before signing and confirmed it: sent by the company's sales system or a
/// member of staff. The same confirmation twice is kept once.
/// </summary>
public sealed class ConfirmTerms(AppDb db, NumberTokens numbers) : UseCase<ConfirmTerms.Request, ConfirmTerms.Confirmed>(db)
{
    public sealed record Request(string Number, int Version, string? ContractNumber, string? Language, string? Sha256);

    public sealed record Confirmed(Guid Id, DateTimeOffset At);

    public override Permission Needs => Permission.RecordTerms;

    protected override async Task<Outcome<Confirmed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Language is not ("zh" or "en"))
            return TermsRefusals.Language;
        if (string.IsNullOrWhiteSpace(request.ContractNumber))
            return CommonRefusals.Required("contractNumber");
        var hash = request.Sha256?.Trim().ToLowerInvariant() ?? "";
        if (!await Db.PolicyTexts.AsNoTracking().AnyAsync(t => t.Sha256 == hash && t.Kind == TermsKind.Policy
            && t.PolicyNumber == request.Number && t.PolicyVersion == request.Version && t.Language == request.Language, ct))
            return TermsRefusals.NeverShown;
        var token = numbers.OfContract(request.ContractNumber);
        var found = await Db.Contracts.AsNoTracking().Where(c => c.NumberToken == token)
            .Join(Db.Customers.AsNoTracking(), c => c.CustomerId, c => c.Id, (contract, customer) => new { Contract = contract, customer.UnitId })
            .Join(Db.Units.AsNoTracking(), x => x.UnitId, u => u.Id, (x, unit) => new { x.Contract, unit.Path }).SingleOrDefaultAsync(ct);
        if (found is null || !call.Actor.Allows(Needs, found.Path))
            return TermsRefusals.NoSuchContract;
        if (found.Contract.PolicyNumber != request.Number || found.Contract.PolicyVersion != request.Version)
            return TermsRefusals.OtherPolicy(found.Contract.PolicyNumber, found.Contract.PolicyVersion);
        if (await Db.PolicyConfirmations.AsNoTracking().FirstOrDefaultAsync(c => c.ContractId == found.Contract.Id && c.Where == ShownAt.Signing && c.Sha256 == hash, ct) is { } before)
            return new Confirmed(before.Id, before.At);
        var confirmation = new PolicyConfirmation
        {
            Id = Guid.CreateVersion7(), PolicyNumber = request.Number, PolicyVersion = request.Version, Language = request.Language, Sha256 = hash,
            Where = ShownAt.Signing, ContractId = found.Contract.Id, By = call.Actor.Id, At = call.Now,
        };
        Db.PolicyConfirmations.Add(confirmation);
        Db.Audit(call, "policy.text-confirmed", $"contract:{found.Contract.Row}", new { confirmation.Id, confirmation.Sha256 });
        return await Commit(new Confirmed(confirmation.Id, confirmation.At), ct);
    }
}
