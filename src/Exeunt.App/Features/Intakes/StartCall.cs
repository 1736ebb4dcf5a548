using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Intakes;

/// <summary>Begins to note down a call.</summary>
public sealed class StartCall(AppDb db, PhoneDesk desk) : UseCase<StartCall.Request, StartCall.Started>(db)
{
    /// <param name="Number">The number shown; null when it was withheld.</param>
    public sealed record Request(string? Number, string? Language);

    public sealed record Started(Guid Id);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Started>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (request.Number is { Length: > Exeunt.App.Features.Cases.Intake.MaxNumber })
            return CommonRefusals.TooLong("number", Cases.Intake.MaxNumber);
        var (id, subject) = (Guid.CreateVersion7(call.Now), Cases.Intake.NewSubject());
        var notes = new CallNotes(request.Number?.Trim() ?? "", request.Language == "en" ? "en" : "zh");
        Db.Add(new PhoneCall { Id = id, Subject = subject, By = call.Actor.Id, StartedAt = call.Now, Data = await desk.Seal(subject, id, notes, ct) });
        // What nobody finished is forgotten; an application made of it stays.
        Db.Enqueue(ForgetIntake.Of(subject, 0, call));
        Db.Audit(call, "call.started", $"call:{id:N}");
        return await Commit(new Started(id), ct);
    }
}
