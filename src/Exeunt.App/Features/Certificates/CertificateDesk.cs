using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.App.Ui;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Exeunt.Core.Procedures;
using Exeunt.Core.Retention;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Certificates;

/// <summary>Writes certificates from what is recorded, signs them, and registers serial, hash and state.</summary>
public sealed class CertificateDesk(AppDb db, Vault vault, CaseFacts facts, CaseLetters letters, Papers papers, Letterhead letterhead, TreeHeads heads, Retention retention, CopiesOutside copies, KeyStore keys, HostOptions options)
{
    /// <summary>What certifies the end of a case's contract.</summary>
    public static CertificateKind KindOf(ExitCase exit) => exit.Kind == CaseKind.Offboarding ? CertificateKind.OffboardingNotice : CertificateKind.Termination;

    public static string PathOf(CertificateKind kind) => kind switch { CertificateKind.Erasure => "erasure", CertificateKind.AccountClosure => "closure", _ => "certificate" };

    /// <summary>Stages a new certificate of a kind.</summary>
    /// <param name="instead">The one that it replaces; its caller changes that one's state.</param>
    public async Task<CertificateRow> Stage(ExitCase exit, CertificateKind kind, CertificateRow? instead, Call call, CancellationToken ct)
    {
        var content = await Content(exit, kind, CertificateSerial.New(), instead?.Serial, call, ct);
        return await Stage(content, exit.Id, null, exit.CustomerId!.Value, exit.Number, call, ct);
    }

    /// <summary>Stages a new certificate of an erasure that a customer asked for without a case.</summary>
    /// <param name="instead">The one that it replaces; its caller changes that one's state.</param>
    public async Task<CertificateRow> Stage(DataRequest asked, CertificateRow? instead, Call call, CancellationToken ct)
    {
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == asked.CustomerId, ct);
        var t = Texts.In(customer.Language);
        var least = await Least(customer, CertificateKind.Erasure, t, Clocks.CompanyZone, CertificateSerial.New(), instead?.Serial, call, ct) with
        {
            RequestNumber = asked.Number, NoticeReceivedAt = asked.ReceivedAt,
        };
        return await Stage(await Erased(least, customer.Id, await retention.Of(customer.Id, ct), await copies.Of(customer.Id, ct), t, call, ct), null, asked.Id, customer.Id, asked.Number, call, ct);
    }

    private async Task<CertificateRow> Stage(CertificateContent content, Guid? caseId, Guid? requestId, long customer, string number, Call call, CancellationToken ct)
    {
        var (kind, serial) = (content.Kind, content.Serial);
        var pdf = CertificateDocument.Make(content, Letterhead.Fonts, await letterhead.Key(ct));
        var as_ = kind switch { CertificateKind.Erasure => DocumentKind.ErasureCertificate, CertificateKind.AccountClosure => DocumentKind.ClosureCertificate, _ => DocumentKind.Certificate };
        var document = await papers.Stage(caseId, customer, DataClass.Case, as_, $"{number}-{PathOf(kind)}.pdf", "application/pdf", pdf, call, ct);
        var row = new CertificateRow
        {
            Serial = serial, CaseId = caseId, DataRequestId = requestId, DocumentId = document.Id, Sha256 = SHA256.HashData(pdf), IssuedOn = Clocks.DateIn(call.Now, content.Zone.Id), State = CertificateState.Valid, Kind = kind,
        };
        db.Certificates.Add(row);
        db.Audit(call, "certificate.issued", $"certificate:{serial}", new { caseId, requestId, kind, supersedes = content.Supersedes });
        return row;
    }

    internal async Task<CertificateContent> Content(ExitCase exit, CertificateKind kind, string serial, string? supersedes, Call call, CancellationToken ct)
    {
        var t = Texts.In(exit.Language);
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == exit.CustomerId, ct);
        var least = await Least(customer, kind, t, exit.Zone!, serial, supersedes, call, ct);
        return kind switch
        {
            CertificateKind.Erasure => await Erased(least, customer.Id, await retention.Of(exit, ct), await copies.Of(exit.Id, ct), t, call, ct),
            CertificateKind.AccountClosure => least with
            {
                ContractNumber = string.Create(CultureInfo.InvariantCulture, $"K-{customer.Id}"), Product = t.Pick(contract.ProductEnglish, contract.ProductChinese), StartedOn = customer.Since ?? contract.StartOn,
                NoticeReceivedAt = exit.BusinessReceivedAt, EffectiveAt = Clocks.StartOf(exit.EffectiveOn!.Value.AddDays(1), exit.Zone!), Data = DataOf(await retention.Of(exit, ct), t),
            },
            _ => await Ended(least, exit, contract, t, ct),
        };
    }

    /// <summary>What every certificate says.</summary>
    private async Task<CertificateContent> Least(Customer customer, CertificateKind kind, Texts t, string zone, string serial, string? supersedes, Call call, CancellationToken ct)
    {
        var name = await letters.NameOf(customer.Id, ct);
        return new CertificateContent
        {
            Kind = kind,
            Language = t.Language,
            Serial = serial,
            Issuer = await letterhead.Issuer(t, ct),
            // What a link alone opens shows a person's name masked.
            CustomerName = (kind is CertificateKind.Erasure or CertificateKind.AccountClosure && customer.OrganisationName is null ? Mask.Name(name) : name) ?? "—",
            Zone = TimeZoneInfo.FindSystemTimeZoneById(zone),
            AppealContact = await letterhead.Appeals(ct),
            IssuedAt = call.Now,
            VerifyUrl = string.Create(CultureInfo.InvariantCulture, $"{options.Url}/verify/{serial}"),
            Supersedes = supersedes,
            TreeHead = await heads.Latest(ct),
        };
    }

    /// <summary>What the end of a contract is certified with.</summary>
    private async Task<CertificateContent> Ended(CertificateContent least, ExitCase exit, Contract contract, Texts t, CancellationToken ct)
    {
        var settlement = await db.Settlements.AsNoTracking().SingleAsync(s => s.Id == exit.SettlementId, ct);
        // What the settlement, and a ruling on it, pay or claim; other money of the case says nothing of it.
        var orders = await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == exit.Id && (o.Purpose == PaymentPurpose.Settlement || o.Purpose == PaymentPurpose.Ruling)).ToListAsync(ct);
        var settled = orders.Count == 0 ? settlement.Total == 0 : orders.TrueForAll(o => o.State == PaymentState.Reconciled);
        var open = orders.Count == 0 ? -settlement.Total : orders.Where(o => o.State != PaymentState.Reconciled).Sum(o => o.Direction == PaymentDirection.Refund ? o.Amount - o.Matched : o.Matched - o.Amount);
        var net = new Money(-settlement.Total, settlement.Currency);
        return least with
        {
            ContractNumber = await vault.Open<string>(exit.CustomerId!.Value, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct),
            Product = t.Pick(contract.ProductEnglish, contract.ProductChinese),
            StartedOn = contract.StartOn,
            Ground = await GroundOf(exit, contract, ct),
            NoticeReceivedAt = exit.BusinessReceivedAt,
            EffectiveAt = Clocks.StartOf(exit.EffectiveOn!.Value.AddDays(1), exit.Zone!),
            Settlement = [.. StatementLines.Read(settlement.Statement, t).Select(l => new AmountLine(l.Label, l.Explanation, -l.Amount))],
            Net = net,
            IsSettled = settled,
            OpenBalance = settled ? null : new Money(open, settlement.Currency),
            PaidOn = settled && orders.Max(o => o.ReconciledAt) is { } at ? Clocks.DateIn(at, exit.Zone!) : null,
            Invoices = await InvoicesOf(exit, StatementLines.Read(settlement.Statement, t).DistinctBy(l => l.Code).ToDictionary(l => l.Code, l => l.Label), t, ct),
            PropertyReturned = await ReturnedIn(exit, t, ct),
            SurvivingClauses = [t["certificate.surviving"]],
            Data = [.. DataOf(await retention.Of(exit, ct), t).Where(d => d.Outcome == DataOutcome.Locked)],
        };
    }

    /// <summary>
    /// Why the contract ends: the ground of an offboarding, else that of the facts which the settlement was computed from, else the one the
    /// customer declared.
    /// </summary>
    private async Task<Ground> GroundOf(ExitCase exit, Contract contract, CancellationToken ct)
    {
        if (OffboardingGround.Find(exit.Ground) is { } own)
            return new Ground(own.Code, own.Name.English, own.Name.Chinese);
        var written = await db.SettlementFacts.AsNoTracking().AnyAsync(f => f.CaseId == exit.Id, ct);
        var ground = written ? (await facts.Written(exit.Id, contract, exit.EffectiveOn!.Value, ct)).Ground : exit.Declared ?? default;
        var words = Texts.Everything[$"certificate.ground.{ground}"];
        return new Ground(JsonSerializer.SerializeToElement(ground, SettlementJson.Document).GetString()!, words[0], words[1]);
    }

    /// <summary>The invoice and the credit note of the case's own order, and what red-letter invoices correct of its settlement.</summary>
    private async Task<IReadOnlyList<string>> InvoicesOf(ExitCase exit, Dictionary<string, string> labels, Texts t, CancellationToken ct)
    {
        var numbers = await db.Returns.AsNoTracking().Where(r => r.CaseId == exit.Id)
            .Join(db.Orders.AsNoTracking(), r => r.OrderId, o => o.Id, (r, o) => new { o.InvoiceNumber, r.CreditNote }).ToListAsync(ct);
        var red = await db.RedLetters.AsNoTracking().Where(r => r.CaseId == exit.Id && r.State != RedLetterState.NotNeeded).OrderBy(r => r.Code).ToListAsync(ct);
        return
        [
            .. numbers.SelectMany(n => new[] { n.InvoiceNumber, n.CreditNote }).OfType<string>(),
            .. red.Select(r => t["certificate.red-letter", labels.GetValueOrDefault(r.Code, r.Code), Amounts.Text(new Money(r.Net + r.Vat, r.Currency)), Amounts.Text(new Money(r.Vat, r.Currency)), t.Of("red-letter.state", r.State)]),
        ];
    }

    /// <summary>What the customer handed back, on which receipt and when.</summary>
    private async Task<IReadOnlyList<string>> ReturnedIn(ExitCase exit, Texts t, CancellationToken ct)
    {
        var items = await db.Set<Formality>().AsNoTracking().Where(f => f.CaseId == exit.Id && f.State == FormalityState.Done && f.Side == ItemSide.Customer).ToListAsync(ct);
        return [.. items.OrderBy(f => f.DoneAt).Select(f => t["certificate.returned", t.Pick(f.English, f.Chinese), t.Date(Clocks.DateIn(f.DoneAt!.Value, exit.Zone!)), f.Receipt ?? "—"])];
    }

    /// <summary>What was erased, what stays, why and until when, and from when no backup brings the erased back.</summary>
    private async Task<CertificateContent> Erased(CertificateContent least, long customer, IReadOnlyList<RetainedRow> kept, IReadOnlyList<CopiesOutside.Copy> copied, Texts t, Call call, CancellationToken ct)
    {
        var last = await db.Erasures.AsNoTracking().Where(e => e.CustomerId == customer).MaxAsync(e => e.At, ct);
        var outside = copied.Select(c => new DataStatus(t["retention.copy", c.System], c.DoneAt is null ? DataOutcome.Kept : DataOutcome.Deleted, c.DoneAt is null ? c.DueOn : null, c.DoneAt is null ? t["retention.copy.basis"] : ""));
        DateTimeOffset? now = await ClockWatch.InDoubt(db, ct) is null ? call.Now : null;
        return least with { EffectiveAt = last, Data = [.. DataOf(kept, t), .. outside], BackupsUnreadableOn = await keys.CopiesDieOn(last, now, options.KeyEpochDays, least.Zone.Id, ct, customer) };
    }

    private static IReadOnlyList<DataStatus> DataOf(IReadOnlyList<RetainedRow> kept, Texts t) =>
        [.. kept.Select(r => new DataStatus(t[$"retention.{r.Category}"], OutcomeOf(r), OutcomeOf(r) == DataOutcome.Locked ? r.Until : null,
            OutcomeOf(r) is DataOutcome.Locked or DataOutcome.Kept ? r.Basis(t) : ""))];

    private static DataOutcome OutcomeOf(RetainedRow row) => row.Now switch
    {
        RetentionOutcome.Anonymise => DataOutcome.Anonymised,
        RetentionOutcome.Lock => DataOutcome.Locked,
        RetentionOutcome.Keep => DataOutcome.Kept,
        _ => row.DoneAt is null ? DataOutcome.Kept : DataOutcome.Deleted,
    };
}
