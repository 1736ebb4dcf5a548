using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Records that somebody was refused at admission (拒绝接待), as an immediate ending is: ground, told by whom to whom, reviewed by another.</summary>
public sealed class RefuseAdmission(AppDb db, SpotRegister register) : UseCase<RefuseAdmission.Request, RefuseAdmission.Recorded>(db)
{
    public const int MaxWords = 2000;

    /// <param name="UnitId">Where it happened.</param>
    public sealed record Request(int UnitId, string? Ground, string? Words, DateTimeOffset? ToldAt, string? ToldTo);

    public sealed record Recorded(Guid Id);

    public override Permission Needs => Permission.EndImmediately;

    protected override async Task<Outcome<Recorded>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Units.AsNoTracking().Where(u => u.Id == request.UnitId).Select(u => u.Path).SingleOrDefaultAsync(ct) is not { } path || !call.Actor.Allows(Needs, path))
            return CommonRefusals.NotFound;
        if (OffboardingGround.Find(request.Ground) is not { Immediate: true } ground)
            return OffboardingRefusals.UnknownGround;
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        if (register.Check(request.ToldAt, request.ToldTo, call) is { } no)
            return no;
        var id = await register.Stage(null, request.UnitId, Intake.NewSubject(), ground.Code, request.ToldAt!.Value, request.ToldTo!, request.Words, call, ct);
        return await Commit(new Recorded(id), ct);
    }
}
