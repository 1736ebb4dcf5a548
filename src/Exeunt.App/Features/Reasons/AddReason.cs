using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Reasons;

/// <summary>Adds a reason, on either level. Its code stays for ever.</summary>
public sealed class AddReason(AppDb db, ReasonOffers offers) : UseCase<AddReason.Request, AddReason.Added>(db)
{
    /// <param name="Under">Code of the first-level reason it is a detail of; null or "": it is a first-level one.</param>
    public sealed record Request(string? Under, string? Code, ReasonContent Content);

    public sealed record Added(string Code);

    public override Permission Needs => Permission.EditPolicies;

    protected override async Task<Outcome<Added>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Code?.Trim() is not { Length: >= 2 and <= 40 } code || !code.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
            return ReasonRefusals.Code;
        if (request.Content.Check() is { } no)
            return no;
        if (!string.IsNullOrEmpty(request.Under))
        {
            if (request.Under.Contains('/', StringComparison.Ordinal) || !await Db.Reasons.AnyAsync(r => r.Code == request.Under, ct))
                return CommonRefusals.NotFound;
            code = $"{request.Under}/{code}";
        }
        if (await Db.Reasons.AnyAsync(r => r.Code == code, ct))
            return ReasonRefusals.Taken;
        if (await Db.Reasons.CountAsync(ct) >= ReasonBook.Max)
            return ReasonRefusals.TooMany;
        var row = new ReasonRow { Code = code, English = "", Chinese = "" };
        request.Content.WriteTo(row);
        Db.Reasons.Add(row);
        if (await offers.Stage(code, request.Content.Offers, ct) is { } unknown)
            return unknown;
        Db.Audit(call, "reason.added", $"reason:{code}");
        return await Commit(new Added(code), ct);
    }
}
