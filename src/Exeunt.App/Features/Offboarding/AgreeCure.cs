using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Makes an improvement agreement out of the talk: targets with figures, a date, a consequence. The customer gets it by mail.</summary>
public sealed class AgreeCure(AppDb db, CaseDesk desk, CaseTexts texts, CaseLetters letters, CaseLinks links) : UseCase<AgreeCure.Request, AgreeCure.Agreed>(db)
{
    public const int MaxWords = 2000;

    /// <param name="UntilOn">Last day of the observation, included.</param>
    /// <param name="Targets">Measured; amounts in minor units of the contract's currency.</param>
    public sealed record Request(Guid CaseId, DateOnly? UntilOn, string? Words, string? Consequence, IReadOnlyList<CureTarget>? Targets);

    public sealed record Agreed(Guid AgreementId);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override async Task<Outcome<Agreed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.IsClosed)
            return CaseRefusals.Closed;
        if (request.UntilOn is not { } until)
            return CommonRefusals.Required("untilOn");
        foreach (var (field, words) in new[] { ("words", request.Words), ("consequence", request.Consequence) })
        {
            if (string.IsNullOrWhiteSpace(words))
                return CommonRefusals.Required(field);
            if (words.Length > MaxWords)
                return CommonRefusals.TooLong(field, MaxWords);
        }
        var targets = request.Targets ?? [];
        if (targets.Count is 0 or > CureTarget.MaxTargets || targets.Any(t => t is null || t.Value < 0 || !Enum.IsDefined(t.Measure)))
            return OffboardingRefusals.TargetsNeeded;
        var today = call.Today(exit.Zone!);
        var id = Guid.CreateVersion7();
        if (exit.AgreeCure(id, until, today) is { } no)
            return no;
        var currency = await Db.Contracts.AsNoTracking().Where(c => c.Id == exit.ContractId).Select(c => c.Currency).SingleAsync(ct);
        Db.Add(new CureAgreement
        {
            Id = id, CaseId = exit.Id, FromOn = today, UntilOn = until, Targets = JsonSerializer.Serialize(targets, Json.Plain), Currency = currency,
            TextId = await texts.Stage(exit, "cure", request.Words!.Trim(), ct), ConsequenceId = await texts.Stage(exit, "cure", request.Consequence!.Trim(), ct),
            AgreedBy = call.Actor.Id, At = call.Now,
        });
        Db.Enqueue(Effect.At(Clocks.StartOf(until.AddDays(1), exit.Zone!), CureEnds.Kind, $"{CureEnds.Kind}|{exit.Id:N}", caseId: exit.Id));
        desk.Stage(exit, call);
        var t = Texts.In(exit.Language);
        await letters.Mail(exit, call, "mail.cure", [exit.Number, t.Date(until), request.Words.Trim(), request.Consequence.Trim(),
            string.Join('\n', targets.Select(target => "- " + CureWords.Of(target, currency, t))), await links.Fresh(exit, ct)], [], ct);
        return await Commit(new Agreed(id), ct);
    }
}

/// <summary>Effect "cure.ends": the observation is over; the people of the case are to judge. Nothing happens by itself.</summary>
public sealed class CureEnds(AppDb db, CaseDesk desk) : IEffect
{
    public const string Kind = "cure.ends";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        var agreement = await db.Set<CureAgreement>().SingleOrDefaultAsync(a => a.CaseId == exit.Id, ct);
        if (exit.IsClosed || agreement is not { Met: null, RemindedAt: null })
            return EffectResult.Done;
        agreement.RemindedAt = call.BusinessNow;
        agreement.Version++;
        db.Audit(call, "cure.over", $"case:{exit.Id:N}");
        return EffectResult.Done;
    }
}

/// <summary>A target in words.</summary>
public static class CureWords
{
    public static string Of(CureTarget target, string currency, Texts t) => t["cure.target." + target.Measure, Value(target.Measure, target.Value, currency)];

    public static string Value(CureMeasure measure, long value, string currency) =>
        measure == CureMeasure.ComplaintsAtMost ? $"{value}" : Ui.Amounts.Text(new Money(value, currency));
}
