using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Proof;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Keys;

/// <summary>
/// A new key signs from now on: papers, receipts and packages at once, heads of the log from the one after that which tells of it. What was signed before
/// is verified by the keys before, which whoever verifies goes on to trust.
/// </summary>
public sealed class ChangeSigner(AppDb db, Letterhead letterhead) : UseCase<ChangeSigner.Request, ChangeSigner.Changed>(db)
{
    /// <param name="Confirm">The last group of the fingerprint of the key that signs now, as a sign that it is this one that shall go.</param>
    public sealed record Request(string? Confirm);

    /// <param name="PublicKey">PEM, to be given to whoever verifies.</param>
    public sealed record Changed(int Number, string Fingerprint, string PublicKey);

    public static readonly Refusal Differs = new(RefusalKind.Invalid, "keys.signer-differs",
        "This is not the end of the fingerprint of the key that signs now. Look at the page again: somebody may have changed it already.",
        "所填内容与当前签名密钥的指纹末组不符。请刷新页面：密钥可能已被他人更换。") { Field = "confirm" };

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Changed>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (string.IsNullOrWhiteSpace(request.Confirm))
            return CommonRefusals.Required("confirm");
        var keys = await letterhead.Keys(ct);
        if (!request.Confirm.Trim().Equals(EndOf(keys[^1].Fingerprint), StringComparison.OrdinalIgnoreCase))
            return Differs;
        // The key store is not the database: what a stop keeps from being told here, the keeper of the keys tells.
        var next = await letterhead.MakeNext(keys.Count, ct);
        Tell(Db, next, keys.Count + 1, call);
        return await Commit(new Changed(keys.Count + 1, next.Fingerprint, next.PublicPem), ct);
    }

    /// <summary>Tells of a new key that the log does not know yet.</summary>
    public static async Task TellOfTheLast(AppDb db, Letterhead letterhead, Call call, CancellationToken ct)
    {
        var keys = await letterhead.Keys(ct);
        var target = TargetOf(keys[^1]);
        if (keys.Count > 1 && !await db.AuditLog.AsNoTracking().AnyAsync(r => r.Target == target && r.Verb == LogVerifier.NewKey, ct))
            Tell(db, keys[^1], keys.Count, call);
    }

    private static void Tell(AppDb db, InstallationKey key, int number, Call call) =>
        db.Audit(call, LogVerifier.NewKey, TargetOf(key), new { number, fingerprint = key.Fingerprint });

    /// <summary>How the log names a key.</summary>
    internal static string TargetOf(InstallationKey key) => HeadSigners.NameOf(key.Digest);

    /// <summary>The last group of a fingerprint.</summary>
    public static string EndOf(string fingerprint) => fingerprint[(fingerprint.LastIndexOf(' ') + 1)..];
}
