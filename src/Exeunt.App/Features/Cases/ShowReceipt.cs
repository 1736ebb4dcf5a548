using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>The signed receipt of an application, and the proof that it is in the log, which exists within a minute.</summary>
public sealed class ShowReceipt(AppDb db, CaseAccess access, InclusionProofs proofs, Letterhead letterhead) : UseCase<ShowReceipt.Request, ShowReceipt.View>(db)
{
    public sealed record Request(string Token);

    /// <param name="Proof">Null for the seconds until the log's next signed head.</param>
    /// <param name="PublicKey">PEM of the key that signed the receipt. Compare it with the one the company publishes elsewhere.</param>
    public sealed record View(Receipt Receipt, InclusionProof? Proof, string PublicKey);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<View>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await access.CaseOf(request.Token, ct) is not { } id
            || await Db.CaseIndex.AsNoTracking().Where(i => i.CaseId == id).Select(i => i.Receipt).SingleAsync(ct) is not { } signature)
            return CommonRefusals.NotFound;
        var exit = await Db.Cases.AsNoTracking().Where(c => c.Id == id).Select(c => new { c.Number, c.ReceivedAt }).SingleAsync(ct);
        var at = exit.ReceivedAt.ToUnixTimeMilliseconds();
        var receipt = new Receipt(exit.Number, at, Receipt.HashOf(exit.Number, at), Convert.ToHexStringLower(signature));
        return new View(receipt, await proofs.Of(Verb, Target(id), ct), (await letterhead.SignerOf(k => receipt.IsSignedBy(k), ct)).PublicPem);
    }

    /// <summary>Under this verb and target the log holds the receipt's hash.</summary>
    public const string Verb = "receipt.issued";

    public static string Target(Guid caseId) => $"case:{caseId:N}";
}
