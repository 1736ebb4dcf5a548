using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>The company's own rules of returning in force.</summary>
public sealed class ReturnPolicies(AppDb db)
{
    internal const string Key = "returns.policy";

    public async Task<ReturnPolicy> Current(CancellationToken ct) =>
        await db.Settings.AsNoTracking().Where(s => s.Key == Key).Select(s => s.Value).SingleOrDefaultAsync(ct) is { } text ? JsonSerializer.Deserialize<ReturnPolicy>(text, Json.Plain)! : new ReturnPolicy();
}

/// <summary>The company's own rules of returning, for staff and for whoever wants to read them before buying.</summary>
public sealed class ShowReturnPolicy(AppDb db, ReturnPolicies policies) : UseCase<ShowReturnPolicy.Request, ReturnPolicy>(db)
{
    public sealed record Request;

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<ReturnPolicy>> Handle(Call call, Request request, CancellationToken ct) => await policies.Current(ct);
}

/// <summary>Changes the company's own rules of returning. They never take away what the law grants.</summary>
public sealed class SaveReturnPolicy(AppDb db) : UseCase<SaveReturnPolicy.Request, Done>(db)
{
    public sealed record Request(ReturnPolicy? Policy);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Policy is not { } policy || policy.Deductions is null || policy.Addresses is null)
            return CommonRefusals.Required("policy");
        if (policy.Wrong is { } field)
            return ReturnRefusals.PolicyWrong(field);
        var text = JsonSerializer.Serialize(policy, Json.Plain);
        await Db.Put(ReturnPolicies.Key, text, ct);
        Db.Audit(call, "returns.policy-saved", "setting:" + ReturnPolicies.Key, new { policy.OwnDays, policy.FaultDays, policy.SendDays, policy.RefundDays, policy.ConfirmDays, policy.AsksBeyondLaw });
        return await Commit(Done.It, ct);
    }
}
