using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Identity;

/// <summary>The customer names another account for a refund.</summary>
public sealed class ChangePayout(AppDb db, DetailsDesk details) : UseCase<ChangePayout.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, string? Holder, string? Account, string? Bank);

    public const int Max = 120;

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (call.Actor.IsOfAnotherCase(request.CaseId))
            return CommonRefusals.NotFound;
        foreach (var (field, value) in new[] { ("holder", request.Holder), ("account", request.Account) })
        {
            if (string.IsNullOrWhiteSpace(value))
                return CommonRefusals.Required(field);
            if (value.Length > Max)
                return CommonRefusals.TooLong(field, Max);
        }
        if (request.Bank is { Length: > Max })
            return CommonRefusals.TooLong("bank", Max);
        return await details.Stage(request.CaseId, DetailKind.Payout, new PayoutAccount(request.Holder!.Trim(), request.Account!.Trim(), request.Bank?.Trim()), call, ct) is { } no
            ? no : await Commit(Done.It, ct);
    }
}
