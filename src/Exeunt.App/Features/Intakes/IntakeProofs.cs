using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>A file that proves an intake.</summary>
/// <param name="Name">What it is, as a short code in the file's name: "call", "mail", "signature".</param>
public sealed record ProofFile(string Name, string Ending, string MediaType, byte[] Bytes)
{
    /// <summary>A text of our own making, in UTF-8.</summary>
    public static ProofFile Of(string name, string text) => new(name, "txt", "text/plain", Encoding.UTF8.GetBytes(text));
}

/// <summary>Stages and reads how an application came in, with what proves it: sealed with what was typed, erased with it.</summary>
public sealed class IntakeProofs(AppDb db, Vault vault, Papers papers)
{
    public const int MaxFiles = 10;

    /// <param name="at">Real time of the call, visit or arrival.</param>
    /// <param name="by">Who took it.</param>
    public async Task Stage(ExitCase exit, DateTimeOffset at, string by, IReadOnlyList<IntakeFact> facts, IReadOnlyList<ProofFile> files, Call call, CancellationToken ct)
    {
        db.Add(new IntakeRow
        {
            CaseId = exit.Id, Channel = exit.Channel, At = at, TakenBy = by,
            Data = await vault.Seal(exit.IntakeSubject, DataClass.Case, IntakeRow.Place, exit.Id.ToString("N"), facts.Where(f => !string.IsNullOrWhiteSpace(f.Value)).ToList(), ct),
        });
        db.Audit(call, "intake.recorded", $"case:{exit.Id:N}", new { exit.Channel, by, files = files.Count });
        var number = 0;
        foreach (var file in files)
            await papers.Stage(exit, exit.IntakeSubject, DataClass.Case, DocumentKind.Intake, $"{exit.Number}-{file.Name}{(number++ == 0 ? "" : $"-{number}")}.{file.Ending}", file.MediaType, file.Bytes, call, ct);
    }

    /// <summary>An upload as a proof; the refusal of what is too large or of no known kind.</summary>
    public static Outcome<ProofFile> Upload(string name, byte[] bytes, string field)
    {
        var kind = Evidence.KindOf(bytes, papers: true);
        return kind.Refusal is { } no ? no with { Field = field } : new ProofFile(name, kind.Value.Ending, kind.Value.MediaType, bytes);
    }

    /// <param name="Facts">Numbers and addresses masked; empty once erased.</param>
    /// <param name="Files">What proves it, with its SHA-256.</param>
    public sealed record View(Channel Channel, DateTimeOffset At, string TakenBy, IReadOnlyList<IntakeFact> Facts, IReadOnlyList<DocumentRow> Files, string? Receipt);

    /// <summary>How a case came in; null for cases that nobody applied for.</summary>
    public async Task<View?> Of(ExitCase exit, CancellationToken ct)
    {
        if (exit.IntakeSubject == 0)
            return null;
        var receipt = await db.CaseIndex.AsNoTracking().Where(i => i.CaseId == exit.Id).Select(i => i.Receipt).SingleOrDefaultAsync(ct) is { } signature ? Convert.ToHexStringLower(signature) : null;
        if (await db.Set<IntakeRow>().AsNoTracking().SingleOrDefaultAsync(i => i.CaseId == exit.Id, ct) is not { } row)
            return new View(exit.Channel, exit.ReceivedAt, exit.Channel == Channel.Portal ? "" : exit.Requesters.Split(' ')[0], [], [], receipt);
        var facts = await vault.Open<List<IntakeFact>>(exit.IntakeSubject, DataClass.Case, IntakeRow.Place, exit.Id.ToString("N"), row.Data, ct) ?? [];
        var files = await db.Documents.AsNoTracking().Where(d => d.CaseId == exit.Id && d.Kind == DocumentKind.Intake).OrderBy(d => d.At).ThenBy(d => d.FileName).ToListAsync(ct);
        return new View(row.Channel, row.At, row.TakenBy, facts.ConvertAll(Masked), files, receipt);
    }

    private static IntakeFact Masked(IntakeFact fact) => fact.Key switch
    {
        "number" => fact with { Value = Mask.Phone(fact.Value) },
        "from" => fact with { Value = Mask.Mail(fact.Value) },
        "representative" or "speaker" => fact with { Value = Mask.Name(fact.Value) },
        _ => fact,
    };

    /// <summary>Stages the removal of everything that was kept about an intake: its key is destroyed, the ciphertext goes too.</summary>
    public static async Task Forget(AppDb db, long subject, CancellationToken ct)
    {
        db.Documents.RemoveRange(await db.Documents.Where(d => d.Subject == subject).ToListAsync(ct));
        foreach (var row in await db.Set<IntakeRow>().Where(i => db.Cases.Any(c => c.Id == i.CaseId && c.IntakeSubject == subject)).ToListAsync(ct))
            row.Data = null;
        db.RemoveRange(await db.Set<PhoneCall>().Where(c => c.Subject == subject).ToListAsync(ct));
        foreach (var mail in await db.Set<InboundMail>().Where(m => m.Subject == subject).ToListAsync(ct))
        {
            // Its digests stay, so that the same file is not taken again.
            (mail.Data, mail.SenderToken) = (null, null);
            mail.Version++;
            db.RemoveRange(await db.Set<InboundMailFile>().Where(f => f.MailId == mail.Id).ToListAsync(ct));
        }
        foreach (var conversation in await db.Set<Conversation>().Where(c => c.Subject == subject).ToListAsync(ct))
        {
            db.RemoveRange(await db.Set<ChatMessage>().Where(m => m.ConversationId == conversation.Id).ToListAsync(ct));
            db.Remove(conversation);
        }
    }
}

/// <summary>Effect "intake.forget": what came to nothing (a call, a mail, a conversation) is forgotten a month later, with its key.</summary>
public sealed class ForgetIntake(AppDb db, KeyStore keys) : IDestroys
{
    public const string Kind = "intake.forget";

    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    public sealed record What(long Subject);

    /// <param name="version">Of the row whose end this is: once for each.</param>
    public static Effect Of(long subject, int version, Call call) => Effect.At(call.BusinessNow + Lifetime, Kind, $"{Kind}|{subject}|{version}", new What(subject));

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var subject = effect.Read<What>().Subject;
        // It became an application meanwhile: then it lives and dies with the case.
        if (await db.Cases.AsNoTracking().AnyAsync(c => c.IntakeSubject == subject, ct))
            return EffectResult.Done;
        // Taken up again meanwhile, or promised for later.
        if (await db.Set<PhoneCall>().AnyAsync(c => c.Subject == subject && c.State == CallState.CallBack && c.CallBackAt > call.Now, ct)
            || await db.Set<Conversation>().AnyAsync(c => c.Subject == subject && c.State == ConversationState.Open, ct))
            return EffectResult.Done;
        await keys.Destroy(subject, [DataClass.Case], call.Now, ct);
        await IntakeProofs.Forget(db, subject, ct);
        db.Audit(call, "intake.forgotten", "intake");
        return EffectResult.Done;
    }
}

/// <summary>What the use cases of intake refuse.</summary>
public static class IntakeRefusals
{
    public static readonly Refusal NotYours = new(RefusalKind.Forbidden, "intake.not-yours",
        "Another person took this call; only they go on with it. Begin a call of your own.", "该通话由他人受理，只能由其继续。请另行新建通话。");

    public static readonly Refusal Over = new(RefusalKind.Conflict, "intake.over",
        "This was decided already. Reload the page.", "该事项已处理，请刷新页面。");

    public static readonly Refusal ConfirmAloud = new(RefusalKind.Invalid, "intake.confirm-aloud",
        "Read aloud what ending does, and tick the box once the caller has said yes.", "请先向来电人宣读解约后果，待其口头确认后再勾选。", Field: "confirmed");

    public static readonly Refusal ConsentNeeded = new(RefusalKind.Invalid, "intake.wish-missing",
        "An application is made only if the caller says that the contract shall end. Tick the box, or end the call another way.", "只有来电人明确表示要解约才能登记申请。请勾选确认，或以其他方式结束通话。", Field: "wish");

    public static readonly Refusal AuthorityFirst = new(RefusalKind.Invalid, "intake.authority-missing",
        "Who acts for the customer needs a document of authority. Say what was handed in or will be.", "代理人须提供授权文件，请填写已提交或将提交的文件。", Field: "authority");

    public static readonly Refusal When = new(RefusalKind.Invalid, "intake.when",
        "Choose a time from now on, within the next thirty days.", "请选择现在以后、三十天以内的时间。", Field: "callBackAt");

    public static readonly Refusal Reason = new(RefusalKind.Invalid, "intake.reason",
        "Choose why it is no application.", "请选择不作为申请的原因。", Field: "reason");

    public static readonly Refusal NoCase = new(RefusalKind.Invalid, "intake.no-such-case",
        "There is no such case, or it is not yours to see. Enter its number, as T-2026-000123.", "没有该案件或您无权查看。请输入案件编号，例如 T-2026-000123。", Field: "case");

    public static readonly Refusal NoSender = new(RefusalKind.Conflict, "intake.no-sender",
        "This mail names no sender to whom a receipt could go. Enter a contact.", "该邮件没有可用的发件人地址，请填写联系方式。", Field: "contact");

    public static readonly Refusal VisitAt = new(RefusalKind.Invalid, "intake.visit-at",
        "The visit began before now, within the last thirty days.", "上门时间应早于现在，且在三十天以内。", Field: "visitedAt");

    public static readonly Refusal Minutes = new(RefusalKind.Invalid, "intake.minutes",
        "Minutes are between 0 and 1440.", "时长应在 0 至 1440 分钟之间。", Field: "minutes");

    public static readonly Refusal Signature = new(RefusalKind.Invalid, "intake.signature",
        "Upload the signed minutes as a photo or scan.", "请上传签字记录的照片或扫描件。", Field: "signature");

    public static readonly Refusal TooManyFiles = new(RefusalKind.Invalid, "intake.too-many-files",
        "At most ten files, please.", "最多上传十个文件。", Field: "files");

    public static readonly Refusal ChatUnreadable = new(RefusalKind.Invalid, "chat.unreadable",
        "The body is {\"type\": \"chat.message\", \"data\": {\"conversation\": …, \"text\": …, \"speaker\": …, \"language\": \"zh\" or \"en\"}}.",
        "请求体格式：{\"type\": \"chat.message\", \"data\": {\"conversation\": …, \"text\": …, \"speaker\": …, \"language\": \"zh\" 或 \"en\"}}。");

    public static readonly Refusal Base64 = new(RefusalKind.Invalid, "intake.authority-unreadable",
        "The content of the document is Base64.", "文件内容须为 Base64。", Field: "authority");
}
