using Exeunt.App.Data;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Churn;

namespace Exeunt.App.Features.ChurnDefinitions;

/// <summary>The churn definition in force, with all versions.</summary>
public sealed class ShowChurnDefinition(AppDb db, ListSigned versions) : UseCase<ShowChurnDefinition.Request, ShowChurnDefinition.View>(db)
{
    public sealed record Request;

    /// <param name="Versions">Newest first.</param>
    public sealed record View(ChurnDefinition Definition, IReadOnlyList<ListSigned.Row> Versions);

    public override Permission Needs => Permission.ViewPolicies;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct) =>
        new View(await ChurnBook.InForce(Db, call.Today(Clocks.CompanyZone), ct), (await versions.Run(call with { IdempotencyKey = null }, new(SignedKind.Churn), ct)).Value);
}
