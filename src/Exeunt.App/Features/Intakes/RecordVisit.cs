using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Intakes;

/// <summary>
/// Takes an application made at a visit, by its minutes and the signature under them. The statutory clock starts with the visit: there the
/// company got the declaration.
/// </summary>
public sealed class RecordVisit(AppDb db, Receiving receiving, CaseDesk desk, IntakeProofs proofs) : UseCase<RecordVisit.Request, RecordVisit.Made>(db)
{
    /// <param name="VisitedAt">Real time.</param>
    /// <param name="Present">Who was there, beside whoever writes the minutes.</param>
    /// <param name="DocumentsSeen">Kinds of papers shown; no number of an identity document.</param>
    /// <param name="Signature">The signed minutes: PDF, JPEG, PNG or WebP.</param>
    /// <param name="Files">Other papers handed in, as an authority.</param>
    public sealed record Request(
        string? ContractNumber, string? Name, string? Contact, DateOnly? EndsOn, string? Reason, string? Said, DateTimeOffset? VisitedAt, int Minutes, string? Where, string? Present, string? DocumentsSeen,
        string? Representative, byte[]? Signature, IReadOnlyList<byte[]> Files, string? Language);

    public sealed record Made(Guid CaseId, string Number);

    private const int Max = 500;

    public override Permission Needs => Permission.HandleCases;

    protected override int Tries => Receiving.Tries;

    protected override async Task<Outcome<Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        var callers = call with { Language = request.Language == "en" ? "en" : "zh" };
        if (request.VisitedAt is not { } at || at > call.Now || at < call.Now.AddDays(-30))
            return IntakeRefusals.VisitAt;
        if (request.Minutes is < 0 or > 1440)
            return IntakeRefusals.Minutes;
        if (CommonRefusals.Unfit("where", request.Where, Max, out var nowhere))
            return nowhere;
        if (CommonRefusals.Unfit("present", request.Present, Max, out var nobody))
            return nobody;
        if (CommonRefusals.Unfit("said", request.Said, Cases.Intake.MaxWords, out var nothing))
            return nothing;
        if (request.DocumentsSeen is { Length: > Max })
            return CommonRefusals.TooLong("documentsSeen", Max);
        if (request.Representative is { Length: > Cases.Intake.MaxName })
            return CommonRefusals.TooLong("representative", Cases.Intake.MaxName);
        // Who signs for another shows what lets them.
        if (!string.IsNullOrWhiteSpace(request.Representative) && request.Files.Count == 0)
            return IntakeRefusals.AuthorityFirst with { Field = "files" };
        if (request.Signature is not { Length: > 0 } signature)
            return IntakeRefusals.Signature;
        if (request.Files.Count > IntakeProofs.MaxFiles - 2 || request.Files.Any(f => f is null))
            return IntakeRefusals.TooManyFiles;
        var signed = IntakeProofs.Upload("signature", signature, "signature");
        if (signed.Refusal is { } unreadable)
            return unreadable;
        var files = new List<ProofFile>();
        foreach (var bytes in request.Files)
        {
            var file = IntakeProofs.Upload("paper", bytes, "files");
            if (file.Refusal is { } not)
                return not;
            files.Add(file.Value);
        }
        var typed = await receiving.Read(callers, request.ContractNumber, request.Name, request.Contact, request.EndsOn, request.Reason, request.Said, ct);
        if (typed.Refusal is { } no)
            return no;
        var begun = await receiving.Begin(callers, typed.Value, Channel.Visit, Cases.Intake.NewSubject(), ct, at);
        Receiving.Talked(begun.Exit, typed.Value, "visit", request.Minutes, at, callers);
        desk.Stage(begun.Exit, callers);
        List<IntakeFact> facts =
        [
            new("where", request.Where.Trim()), new("minutes", request.Minutes.ToString(CultureInfo.InvariantCulture)), new("present", request.Present.Trim()), new("documents-seen", request.DocumentsSeen?.Trim() ?? ""),
            new("representative", request.Representative?.Trim() ?? ""), new("said", request.Said.Trim()),
        ];
        await proofs.Stage(begun.Exit, at, call.Actor.Id, facts, [ProofFile.Of("visit", MinutesOf(begun.Exit, at, typed.Value, facts, callers)), signed.Value, .. files], callers, ct);
        await receiving.StageReceiptMail(begun, typed.Value, callers, ct);
        return await Commit(new Made(begun.Exit.Id, begun.Exit.Number), ct);
    }

    private static string MinutesOf(ExitCase exit, DateTimeOffset at, Typed typed, List<IntakeFact> facts, Call call)
    {
        var t = Texts.In(call.Language);
        return string.Join('\n',
        [
            t["intake.visit.minutes", exit.Number], $"{t["intake.fact.started"]}: {at:yyyy-MM-dd HH:mm:ss} UTC", $"{t["intake.fact.taken-by"]}: {call.Actor.Id}",
            $"{t["intake.field.contract"]}: {typed.ContractNumber}", $"{t["intake.field.name"]}: {typed.Name}", $"{t["intake.field.contact"]}: {typed.Contact}",
            .. facts.Where(f => f.Value.Length > 0).Select(f => $"{t["intake.fact." + f.Key]}: {FactWords.Of(f, t)}"), "",
        ]);
    }
}
