using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Identity;

/// <summary>The second person has looked at what proves an application's identity: from here it is the customer's, as after a code.</summary>
public sealed class ConfirmVouch(AppDb db, CaseDesk desk, CustomerMatch match, ProvenIdentity identity) : UseCase<ConfirmVouch.Request, Done>(db)
{
    /// <param name="Version">Of the vouch that was looked at; null: the If-Match of the call, or none.</param>
    public sealed record Request(Guid CaseId, int? Version = null);

    public override Permission Needs => Permission.AssignCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit || await Db.Set<Vouch>().SingleOrDefaultAsync(v => v.CaseId == request.CaseId, ct) is not { } vouch)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (exit.HasCustomer)
            return CaseRefusals.IdentityProvenAlready;
        if (vouch.By == call.Actor.Id)
            return IdentityRefusals.SecondPerson;
        // Exactly what was looked at, also when somebody says something else in this very moment.
        if ((request.Version ?? call.ExpectedVersion) is { } seen && seen != vouch.Version)
            return CommonRefusals.ChangedMeanwhile;
        vouch.Version++;
        if (await match.OfContract(vouch.ContractId, ct) is not { } found || !call.Actor.Allows(Needs, await Db.Units.AsNoTracking().Where(u => u.Id == found.Customer.UnitId).Select(u => u.Path).SingleAsync(ct)))
            return IdentityRefusals.NoSuchContract;
        if (await identity.Stage(exit, found, vouch.Method, call, ct) is { } no)
            return no;
        // Papers prove more than a code; a call back to the number on file proves as much.
        if (exit.IdentityIsProven && vouch.Method != "call-back")
            exit.RaiseIdentity(2, vouch.Method);
        Db.Audit(call, "identity.vouch-confirmed", $"case:{exit.Id:N}", new { vouch.Method, vouch.By });
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
