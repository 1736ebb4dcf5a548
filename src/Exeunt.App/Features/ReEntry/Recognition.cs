using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Offboarding;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.ReEntry;

/// <summary>Makes and finds the keyed tokens by which a former customer is recognised without being kept.</summary>
public sealed class Recognition(AppDb db, Vault vault, KeyStore keys)
{
    /// <summary>Months for which a class is recognised, from the last service day.</summary>
    public static int MonthsOf(FormerClass former) => former switch { FormerClass.Ended => 60, FormerClass.Offboarded => 24, _ => 36 };

    /// <summary>Stages tokens of the contacts and the external number of a case's customer, while they can still be read.</summary>
    public async Task Stage(ExitCase exit, Call call, CancellationToken ct)
    {
        if (await db.Set<RecognitionToken>().AnyAsync(t => t.CaseId == exit.Id, ct))
            return;
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == exit.CustomerId, ct);
        var contact = await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct);
        var profile = await vault.Open<CustomerProfile>(customer.Id, DataClass.Profile, CustomerTable.ProfilePlace, customer.Row, customer.Profile, ct);
        var former = ClassOf(exit);
        var until = exit.EffectiveOn!.Value.AddMonths(MonthsOf(former));
        var key = await Key(ct);
        foreach (var (kind, value) in new[] { (TokenKind.Mail, contact?.Mail), (TokenKind.Phone, contact?.Phone), (TokenKind.Number, profile?.ExternalNumber) })
            if (value is not null && Token(key, kind, SearchStore.Normal(kind, value)) is { } token)
                db.Add(new RecognitionToken
                {
                    Id = Guid.CreateVersion7(), Token = token, Kind = kind, CaseId = exit.Id, CustomerId = customer.Id, Class = former, Until = until,
                    Approver = former switch { FormerClass.Offboarded => Role.BranchHead, FormerClass.Barred => Role.Legal, _ => null },
                });
        db.Audit(call, "re-entry.remembered", $"case:{exit.Id:N}", new { former, until });
        db.Enqueue(Effect.At(Clocks.StartOf(until.AddDays(1), exit.Zone!), ForgetFormer.Kind, $"{ForgetFormer.Kind}|{exit.Id:N}", caseId: exit.Id));
    }

    /// <summary>The tokens of any of these, of every former case, the newest case first.</summary>
    public async Task<List<RecognitionToken>> Find(IEnumerable<(TokenKind Kind, string? Value)> known, DateOnly today, CancellationToken ct)
    {
        var key = await Key(ct);
        var tokens = new List<byte[]>();
        foreach (var (kind, value) in known)
        {
            if (value is null)
                continue;
            // An earlier version may have made the token of another spelling.
            foreach (var form in SearchStore.Forms(kind, value))
                if (Token(key, kind, form) is { } token)
                    tokens.Add(token);
        }
        return tokens.Count == 0 ? [] : await db.Set<RecognitionToken>().AsNoTracking().Where(t => tokens.Contains(t.Token) && t.Until >= today).OrderByDescending(t => t.CaseId).Take(100).ToListAsync(ct);
    }

    private static FormerClass ClassOf(ExitCase exit) =>
        exit.Kind != CaseKind.Offboarding ? FormerClass.Ended
        : OffboardingGround.Find(exit.Ground) is { Immediate: true } ? FormerClass.Barred
        : exit.Ground is "OFFBOARD_BREACH" or "OFFBOARD_RISK" ? FormerClass.Offboarded
        : FormerClass.Ended;

    private Task<byte[]> Key(CancellationToken ct) => keys.Secret("recognition-key", () => RandomNumberGenerator.GetBytes(32), ct);

    private static byte[]? Token(byte[] key, TokenKind kind, string normal) =>
        normal.Length < 3 ? null : HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind}|{normal}"))[..16];
}

/// <summary>Effect "re-entry.forget": the stated end of a recognition token.</summary>
public sealed class ForgetFormer(AppDb db) : IDestroys
{
    public const string Kind = "re-entry.forget";

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        db.RemoveRange(await db.Set<RecognitionToken>().Where(t => t.CaseId == effect.CaseId).ToListAsync(ct));
        db.Audit(call, "re-entry.forgotten", $"case:{effect.CaseId:N}");
        return EffectResult.Done;
    }
}
