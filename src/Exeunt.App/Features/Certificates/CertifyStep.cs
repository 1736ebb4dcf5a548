using System.Globalization;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.LateCharges;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>Effect "step.certify": makes, signs and registers the certificate that the contract has ended.</summary>
public sealed class CertifyStep(
    AppDb db, CaseDesk desk, Vault vault, CaseLetters letters, Papers papers, Letterhead letterhead, TreeHeads heads, HostOptions options, Recognition recognition) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Certify) is not { } step)
            return EffectResult.Done;
        var serial = CertificateSerial.New();
        var pdf = CertificateDocument.Make(await Content(exit, serial, call, ct), Letterhead.Fonts, await letterhead.Key(ct));
        var document = await papers.Stage(exit, exit.CustomerId!.Value, DataClass.Case, DocumentKind.Certificate, $"{exit.Number}-certificate.pdf", "application/pdf", pdf, call, ct);
        db.Certificates.Add(new CertificateRow
        {
            Serial = serial, CaseId = exit.Id, DocumentId = document.Id, Sha256 = SHA256.HashData(pdf), IssuedOn = DateOnly.FromDateTime(call.Now.UtcDateTime), State = CertificateState.Valid,
        });
        db.Audit(call, "certificate.issued", $"certificate:{serial}", new { caseId = exit.Id });
        await recognition.Stage(exit, call, ct);
        var nightly = ScanLateCharges.Nightly(call);
        if (!await db.Effects.AnyAsync(e => e.Key == nightly.Key, ct))
            db.Enqueue(nightly);
        exit.Finish(step, serial);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }

    private async Task<CertificateContent> Content(ExitCase exit, string serial, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var settlement = await db.Settlements.AsNoTracking().SingleAsync(s => s.Id == exit.SettlementId, ct);
        var paid = await db.PaymentOrders.AsNoTracking().FirstOrDefaultAsync(o => o.CaseId == exit.Id && o.State == PaymentStateReconciled, ct);
        var settled = settlement.Total == 0 || paid is not null;
        var net = new Money(-settlement.Total, settlement.Currency);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(exit.Zone!);
        return new CertificateContent
        {
            Kind = exit.Kind == CaseKind.Offboarding ? CertificateKind.OffboardingNotice : CertificateKind.Termination,
            Language = exit.Language,
            Serial = serial,
            Issuer = letterhead.Issuer(t),
            CustomerName = await letters.NameOf(exit.CustomerId!.Value, ct) ?? "—",
            ContractNumber = await vault.Open<string>(exit.CustomerId.Value, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct),
            Product = t.Pick(contract.ProductEnglish, contract.ProductChinese),
            StartedOn = contract.StartOn,
            Ground = OffboardingGround.Find(exit.Ground) is { } ground
                ? new Ground(ground.Code, ground.Name.English, ground.Name.Chinese)
                : new Ground("CONSUMER_EARLY", "Ended by the customer", "客户提出解约"),
            NoticeReceivedAt = exit.BusinessReceivedAt,
            EffectiveAt = Clocks.StartOf(exit.EffectiveOn!.Value.AddDays(1), exit.Zone!),
            Zone = zone,
            Settlement = [.. StatementLines.Read(settlement.Statement, t).Select(l => new AmountLine(l.Label, "", -l.Amount))],
            Net = net,
            IsSettled = settled,
            OpenBalance = settled ? null : net,
            PaidOn = paid?.ReconciledAt is { } at ? DateOnly.FromDateTime(at.UtcDateTime) : null,
            SurvivingClauses = [t["certificate.surviving"]],
            Data = [.. Retention.Kept(exit).Select(k => new DataStatus(t[$"retention.{k.Class}"], DataOutcome.Locked, k.Until, t[$"retention.{k.Class}.basis"]))],
            AppealContact = t["app.appeal"],
            IssuedAt = call.Now,
            VerifyUrl = string.Create(CultureInfo.InvariantCulture, $"{options.Url}/verify/{serial}"),
            TreeHead = await heads.Latest(ct),
        };
    }

    private const Settlements.PaymentState PaymentStateReconciled = Settlements.PaymentState.Reconciled;
}
