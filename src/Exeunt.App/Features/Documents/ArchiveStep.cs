using System.Security.Cryptography;
using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Documents;

/// <summary>
/// Effect "step.archive": before anything is stopped, everything the case knows is written into one encrypted package per data
/// class, so that each part dies with its class. A second effect reads the packages back and compares.
/// </summary>
public sealed class ArchiveStep(AppDb db, CaseDesk desk, Vault vault, CaseTexts texts, Papers papers) : IEffect
{
    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Archive) is not { } step)
            return EffectResult.Done;
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == exit.CustomerId, ct);
        var contract = await db.Contracts.AsNoTracking().SingleAsync(c => c.Id == exit.ContractId, ct);
        var events = await db.CaseEvents.AsNoTracking().Where(e => e.CaseId == exit.Id).OrderBy(e => e.Number).ToListAsync(ct);
        var settlements = await db.Settlements.AsNoTracking().Where(s => s.CaseId == exit.Id).ToListAsync(ct);
        var parts = new Dictionary<DataClass, object>
        {
            [DataClass.Legal] = new
            {
                exit.Number, exit.ReceivedAt, exit.EffectiveOn, contract = Contracted(contract),
                settlements = settlements.Select(s => new { s.Digest, s.Statement, s.At }),
                events = events.Select(e => new { e.Number, e.At, e.By, e.Data }),
            },
            [DataClass.Case] = new
            {
                name = await vault.Open<CustomerIdentity>(customer.Id, DataClass.Case, CustomerTable.IdentityPlace, customer.Row, customer.Identity, ct),
                customer.OrganisationName,
                contractNumber = await vault.Open<string>(customer.Id, DataClass.Case, ContractTable.NumberPlace, contract.Row, contract.Number, ct),
            },
            [DataClass.Profile] = new
            {
                profile = await vault.Open<CustomerProfile>(customer.Id, DataClass.Profile, CustomerTable.ProfilePlace, customer.Row, customer.Profile, ct),
                texts = await texts.All(exit.Id, ct),
            },
        };
        var ids = new List<Guid>();
        foreach (var (dataClass, part) in parts)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(part, Json.Plain);
            ids.Add((await papers.Stage(exit, customer.Id, dataClass, DocumentKind.Archive, $"{exit.Number}-{dataClass}.json", "application/json", bytes, call, ct)).Id);
        }
        db.Enqueue(Effect.Now("archive.prove", $"archive|{exit.Id:N}|{step}|{events.Count}", call, new ProveArchive.Written(step, ids), exit.Id));
        return EffectResult.Done;
    }

    private static object Contracted(Contract c) => new { c.Id, c.Product, c.Currency, c.StartOn, c.TermMonths, c.MonthlyFee, c.Deposit, c.DeviceValue, c.Unpaid, c.PolicyNumber, c.PolicyVersion, c.Amendments };
}

/// <summary>
/// Effect "archive.prove": restores each package as a stranger would (from the stored row, with the key from the key store) and
/// compares its hash and its content. Only then does the case go on; a package that does not come back parks it.
/// </summary>
public sealed class ProveArchive(AppDb db, CaseDesk desk, Papers papers) : IEffect
{
    public sealed record Written(string? Step, IReadOnlyList<Guid> Documents);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var exit = (await desk.Find(effect.CaseId!.Value, call, ct))!;
        if (exit.StepOf(effect, StepKind.Archive) is not { } step)
            return EffectResult.Done;
        var digest = new List<byte>();
        foreach (var id in effect.Read<Written>().Documents)
        {
            var row = await db.Documents.AsNoTracking().SingleAsync(d => d.Id == id, ct);
            var bytes = await papers.Open(row, ct);
            if (bytes is null || !SHA256.HashData(bytes).AsSpan().SequenceEqual(row.Sha256))
                return EffectResult.Park("archive-does-not-restore");
            using var package = JsonDocument.Parse(bytes);
            if (row.Class == DataClass.Legal && package.RootElement.GetProperty("number").GetString() != exit.Number)
                return EffectResult.Park("archive-of-another-case");
            digest.AddRange(row.Sha256);
        }
        var proof = Convert.ToHexStringLower(SHA256.HashData([.. digest]))[..16];
        db.Audit(call, "archive.proved", $"case:{exit.Id:N}", new { proof });
        exit.Finish(step, proof);
        desk.Stage(exit, call);
        return EffectResult.Done;
    }
}
