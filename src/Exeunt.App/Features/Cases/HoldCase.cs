using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>Holds money and erasure of a case for a named reason; never the end of the service.</summary>
public sealed class HoldCase(AppDb db, CaseDesk desk) : UseCase<HoldCase.Request, Done>(db)
{
    /// <param name="Reason">"legal", "fraud-check" or "customer-asked".</param>
    public sealed record Request(Guid CaseId, string? Reason);

    public static readonly string[] KnownReasons = ["legal", "fraud-check", "customer-asked"];

    /// <summary>How long what waits for a person's hold waits before it looks again.</summary>
    public static readonly TimeSpan LookAgain = TimeSpan.FromDays(1);

    /// <summary>Whether a person holds the case, beside what a changed contact or account holds by itself.</summary>
    public static bool IsByPerson(ExitCase exit) => exit.Holds.Any(KnownReasons.Contains);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (!KnownReasons.Contains(request.Reason))
            return CommonRefusals.Required("reason");
        if (exit.Hold(request.Reason!) is { } no)
            return no;
        await Erasure.LegalHolds.Touch(Db, exit.CustomerId, ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
