using System.Globalization;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Offboarding;

/// <summary>A file as evidence.</summary>
/// <param name="Content">Bytes; base64 in JSON.</param>
public sealed record EvidenceUpload(string? Name, byte[]? Content);

/// <summary>Opens an offboarding by hand: a customer, a contract, a ground, and evidence that is frozen from here on.</summary>
public sealed class OpenOffboarding(AppDb db, OffboardingOpening opening) : UseCase<OpenOffboarding.Request, OpenOffboarding.Opened>(db)
{
    /// <param name="Facts">Figures that are copied from the records with today's date.</param>
    public sealed record Request(long CustomerId, long ContractId, string? Ground, string? Words, IReadOnlyList<EvidenceFact>? Facts, IReadOnlyList<EvidenceUpload>? Files);

    public sealed record Opened(Guid CaseId, string Number);

    public override Permission Needs => Permission.HandleOffboarding;

    protected override int Tries => 20;

    protected override async Task<Outcome<Opened>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (OffboardingGround.Find(request.Ground) is not { Immediate: false } ground)
            return OffboardingRefusals.UnknownGround;
        var opened = await opening.Stage(request, ground, Needs, call, ct);
        return opened.Refusal is { } no ? no : await Commit(new Opened(opened.Value.Id, opened.Value.Number), ct);
    }
}

/// <summary>What opening at leisure and ending on the spot share: who may, which contract, evidence, the case.</summary>
public sealed class OffboardingOpening(
    AppDb db, CaseDesk desk, RecordedFigures figures, Papers papers, RuleBook rules, ProcedureBook procedures, Settling settling, Claims.OpenClaims claims)
{
    public const int MaxWords = 4000;
    public const int MaxFiles = 10;

    /// <summary>Stages the case with its evidence; of an immediate ending it takes effect today.</summary>
    public async Task<Outcome<ExitCase>> Stage(OpenOffboarding.Request request, OffboardingGround ground, Permission needs, Call call, CancellationToken ct)
    {
        var customer = await db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.CustomerId, ct);
        var contract = await db.Contracts.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ContractId && c.CustomerId == request.CustomerId, ct);
        if (customer is null || contract is null)
            return CommonRefusals.NotFound;
        var unit = await db.Units.AsNoTracking().Where(u => u.Id == customer.UnitId).Select(u => u.Path).SingleAsync(ct);
        if (!call.Actor.Allows(needs, unit))
            return CommonRefusals.NotFound;
        if (contract.State == ContractState.Ended)
            return CaseRefusals.ContractEnded;
        if (await db.Cases.AsNoTracking().Where(c => c.ContractId == contract.Id && c.State != CaseState.Closed).Select(c => c.Number).FirstOrDefaultAsync(ct) is { } other)
            return OffboardingRefusals.OtherCase(other);
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        var today = call.Today(contract.Zone);
        var files = Files(request.Files);
        if (files.Refusal is { } unreadable)
            return unreadable;
        List<EvidenceItem> items =
        [
            new(EvidenceKind.Text, request.Words.Trim()),
            .. files.Value.Select(f => new EvidenceItem(EvidenceKind.File, f.Name, Convert.ToHexStringLower(SHA256.HashData(f.Bytes)))),
            .. await figures.Copy(contract, customer.Currency, request.Facts ?? [], today, ct),
        ];
        if (EvidenceFile.Insufficient(items, ground.Code) is { } thin)
            return thin;

        var serial = 1 + (await db.CaseIndex.AsNoTracking().MaxAsync(i => (long?)i.Serial, ct) ?? 0);
        var number = string.Create(CultureInfo.InvariantCulture, $"O-{call.BusinessNow.Year}-{serial:D6}");
        var frozen = new EvidenceFile(Secrets.Token(), number, ground.Code, today, items).ToBytes();
        var packs = await rules.For(contract.Jurisdiction, today, ct);
        var own = (await settling.PolicyOf(contract, ct)).Procedures;
        var procedure = procedures.Own(ground.Immediate ? own?.Immediate : ground.Code == OffboardingGround.Arrears ? own?.Arrears ?? own?.Offboarding : own?.Offboarding, CaseKind.Offboarding)
            ?? procedures.Current(ground.Immediate ? GeneralProcedures.ImmediateId : GeneralProcedures.OffboardingId);
        var exit = ExitCase.Open(
            Guid.CreateVersion7(call.Now), number, procedure, Channel.Visit, customer.Language,
            new OffboardingOpened(
                customer.Id, contract.Id, customer.UnitId, contract.PolicyNumber, contract.PolicyVersion, contract.Zone, RuleBook.Names(packs), $"{customer.Tier}",
                contract.Party == Exeunt.Core.Policies.Party.Consumer ? "Consumer" : "Business", ground.Code, EvidenceFile.DigestOf(frozen), ground.Immediate ? today : null),
            CaseDesk.MomentOf(call), procedures.Find);
        // Nobody knows this link's token: the customer gets one with the first letter.
        db.CaseIndex.Add(new CaseIndex { CaseId = exit.Id, Serial = serial, TokenHash = Secrets.Hash(Secrets.Token()) });
        exit.Assign(customer.OwnerId is { } owner ? StaffDirectory.IdOf(owner) : call.Actor.Id);
        await claims.Hold(exit, contract.Id, ct);
        desk.Stage(exit, call);
        await papers.Stage(exit, customer.Id, DataClass.Case, DocumentKind.EvidenceFile, $"{number}-evidence.json", "application/json", frozen, call, ct);
        foreach (var (n, file) in files.Value.Index())
            await papers.Stage(exit, customer.Id, DataClass.Case, DocumentKind.Evidence,
                string.Create(CultureInfo.InvariantCulture, $"{number}-evidence-{n + 1}.{file.Ending}"), file.MediaType, file.Bytes, call, ct);
        StageFacts(exit, contract, ground, today, call);
        return exit;
    }

    /// <summary>How the settlement is computed, until people know more: the company's ground costs the customer no fee.</summary>
    private void StageFacts(ExitCase exit, Contract contract, OffboardingGround ground, DateOnly today, Call call)
    {
        var facts = Settling.FactsOf(contract, today) with { Ground = ground.Ended.Ground, Fault = ground.Ended.Fault };
        db.SettlementFacts.Add(new FactsOfTheEnd { CaseId = exit.Id, Facts = CaseFacts.Write(facts), Version = 1, ChangedBy = call.Actor.Id, ChangedAt = call.Now });
    }

    private readonly record struct Known(string Name, byte[] Bytes, string MediaType, string Ending);

    /// <summary>Files known by their content: PDF, JPEG, PNG, WebP.</summary>
    private static Outcome<List<Known>> Files(IReadOnlyList<EvidenceUpload>? files)
    {
        var known = new List<Known>();
        foreach (var file in (files ?? []).Where(f => f.Content is { Length: > 0 }))
        {
            if (known.Count == MaxFiles)
                return OffboardingRefusals.TooManyFiles;
            var kind = Evidence.KindOf(file.Content!, papers: true);
            if (kind.Refusal is { } no)
                return no;
            var name = Path.GetFileName(file.Name ?? "").Trim();
            known.Add(new(name.Length == 0 ? "file" : name.Length <= 120 ? name : name[..120], file.Content!, kind.Value.MediaType, kind.Value.Ending));
        }
        return known;
    }
}
