using Exeunt.App.Data;
using Exeunt.App.Features.LateCharges;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Platform;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>Effect "step.certify": makes, signs and registers the certificate that the contract has ended.</summary>
public sealed class CertifyStep(AppDb db, CaseDesk desk, CertificateDesk certificates, Recognition recognition) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Certify) is not { } step)
            return EffectResult.Done;
        var made = await certificates.Stage(exit, CertificateDesk.KindOf(exit), null, call, ct);
        await recognition.Stage(exit, call, ct);
        var nightly = ScanLateCharges.Nightly(call);
        if (!await db.Effects.AnyAsync(e => e.Key == nightly.Key, ct))
            db.Enqueue(nightly);
        exit.Finish(step, made.Serial);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}
