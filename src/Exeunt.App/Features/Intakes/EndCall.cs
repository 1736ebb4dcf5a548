using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>Ends a call without an application: the caller only asked, wants to be called, was called back, or nothing came of it.</summary>
public sealed class EndCall(AppDb db, PhoneDesk desk) : UseCase<EndCall.Request, Done>(db)
{
    /// <param name="CallBackAt">Real time; for <see cref="CallState.CallBack"/>.</param>
    public sealed record Request(Guid Id, CallState? As, DateTimeOffset? CallBackAt = null);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var opened = await desk.Open(request.Id, call, ct);
        if (opened.Refusal is { } no)
            return no;
        var phone = opened.Value.Call;
        if (request.As is not (CallState.Asked or CallState.CallBack or CallState.CalledBack or CallState.Dropped))
            return CommonRefusals.Required("as");
        if (request.As == CallState.CallBack && (request.CallBackAt is not { } at || at < call.Now.AddMinutes(-5) || at > call.Now.AddDays(30)))
            return IntakeRefusals.When;
        (phone.State, phone.EndedAt, phone.CallBackAt) = (request.As.Value, call.Now, request.As == CallState.CallBack ? request.CallBackAt : null);
        phone.Version++;
        Db.Enqueue(ForgetIntake.Of(phone.Subject, phone.Version, call));
        Db.Audit(call, "call.ended", $"call:{phone.Id:N}", new { request.As });
        return await Commit(Done.It, ct);
    }
}

/// <summary>A call with what was noted. What belongs to the contract shows only after the code, and only to whoever took the call.</summary>
public sealed class ShowCall(AppDb db, PhoneDesk desk, Cases.CustomerMatch match, Settlements.Settling settling, Reasons.ReasonBook reasons) : UseCase<ShowCall.Request, ShowCall.View>(db)
{
    public sealed record Request(Guid Id);

    /// <param name="Consequences">What ending does, in the caller's language, once a code was given.</param>
    /// <param name="EarliestOn">The earliest last day, once a code was given.</param>
    /// <param name="CaseNumber">The case it became.</param>
    public sealed record View(PhoneCall Phone, CallNotes Notes, Terms.TermsText? Consequences, DateOnly? EarliestOn, Reasons.ReasonList Reasons, string? CaseNumber, DateTimeOffset? ReceivedAt, DateOnly? EndsOn);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<PhoneCall>().AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.Id, ct) is not { } phone || await desk.Notes(phone, ct) is not { } notes)
            return CommonRefusals.NotFound;
        if (phone.By != call.Actor.Id)
            return IntakeRefusals.NotYours;
        var found = phone.ProvenAt is null || phone.State == CallState.Applied ? null : await match.Find(PhoneDesk.TypedOf(notes), ct);
        var policy = found is null ? null : await settling.PolicyOf(found.Contract, ct);
        var exit = phone.CaseId is { } id ? await Db.Cases.AsNoTracking().Where(c => c.Id == id).Select(c => new { c.Number, c.ReceivedAt, c.EffectiveOn }).SingleOrDefaultAsync(ct) : null;
        var view = new View(phone, notes, policy is null ? null : Terms.TermsText.OfConsequences(policy, Texts.In(notes.Language)),
            found is null ? null : await settling.EarliestEnd(found.Contract, call.Today(found.Contract.Zone), ct), await reasons.All(ct), exit?.Number, exit?.ReceivedAt, exit?.EffectiveOn);
        Db.Audit(call, "call.viewed", $"call:{phone.Id:N}");
        await Db.SaveChangesAsync(ct);
        return view;
    }
}
