using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Procedures;

namespace Exeunt.App.Features.Negotiation;

/// <summary>The company ends the negotiation: the case goes on under the policy.</summary>
public sealed class EndNegotiation(AppDb db, CaseDesk desk) : UseCase<EndNegotiation.Request, Done>(db)
{
    public sealed record Request(Guid CaseId);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.EndNegotiation(NegotiationOver.Reason) is { } no)
            return no;
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}

/// <summary>Effect "step.negotiation-over": no agreement by the date set.</summary>
public sealed class NegotiationOver(CaseDesk desk) : IEffect
{
    public const string Reason = "no-agreement";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Negotiate) is null || exit.EndNegotiation(Reason) is not null)
            return EffectResult.Done;
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}
