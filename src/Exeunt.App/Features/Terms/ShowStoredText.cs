using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Terms;

/// <summary>A text exactly as it was shown, by its hash.</summary>
public sealed class ShowStoredText(AppDb db) : UseCase<ShowStoredText.Request, PolicyText>(db)
{
    public sealed record Request(string Sha256);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<PolicyText>> Handle(Call call, Request request, CancellationToken ct) =>
        await Db.PolicyTexts.AsNoTracking().SingleOrDefaultAsync(t => t.Sha256 == request.Sha256, ct) is { } text ? text : CommonRefusals.NotFound;
}
