using System.Text.Json;
using System.Text.RegularExpressions;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.OwnData;

/// <summary>What went between a customer and the company outside of the cases' own messages: mails both ways, calls, chats, how applications came in, requests about data.</summary>
public sealed partial class OwnWriting(AppDb db, Vault vault)
{
    public const int MaxMails = 2_000;
    public const int MaxMessages = 5_000;

    /// <summary>Facts of an intake that can name our people or others.</summary>
    private static readonly HashSet<string> OfOthers = ["acted-by", "present", "taken-by"];

    internal async Task<OwnDataFile> Add(OwnDataFile file, OwnScope scope, CancellationToken ct) =>
        file with
        {
            Mails = await Sent(scope, ct),
            MailsIn = await Received(scope, ct),
            Calls = await Calls(scope, ct),
            Chats = await Chats(scope, ct),
            Intakes = await Intakes(scope, ct),
            DataRequests = await Requests(scope, ct),
        };

    /// <summary>The newest mails to the customer, and those about their complaints. Codes and secret links are taken out.</summary>
    private async Task<IReadOnlyList<OwnMail>> Sent(OwnScope scope, CancellationToken ct)
    {
        var (id, ids) = (scope.Customer.Id, scope.Ids);
        var subjects = await db.Feedback.AsNoTracking().Where(f => f.CustomerId == id && f.IsProven).Join(db.FeedbackIndex.AsNoTracking(), f => f.Id, i => i.FeedbackId, (_, i) => i.Subject).ToListAsync(ct);
        subjects.Add(id);
        var rows = await scope.Read(
            db.Mails.AsNoTracking().Where(m => m.Subject != Post.Staff && (subjects.Contains(m.Subject) || (m.CaseId != null && ids.Contains(m.CaseId.Value)))).OrderByDescending(m => m.At).ThenByDescending(m => m.Id),
            MaxMails, ct, "own-data.mails");
        string[] codes = [Texts.English["mail.code.subject"], Texts.Chinese["mail.code.subject"]];
        var mails = new List<OwnMail>();
        foreach (var m in rows)
            if (await vault.Open<MailContent>(m.Subject, m.Class, MailRow.Place, m.Id.ToString("N"), m.Data, ct) is { } mail)
                mails.Add(new OwnMail(
                    m.At, m.SentAt, scope.Number(m.CaseId), mail.To, mail.Subject, Array.IndexOf(codes, mail.Subject) >= 0 ? null : WithoutSecrets(mail.Body), [.. mail.Attachments.Select(a => a.ToString("D"))]));
        return mails;
    }

    /// <summary>A text without the secret ends of links.</summary>
    internal static string WithoutSecrets(string text) => Secret().Replace(text, "/…");

    /// <summary>A token as <see cref="Secrets.Token"/> makes it, at the end of a link.</summary>
    [GeneratedRegex("/[a-z2-7]{26}(?![a-z0-9])")]
    private static partial Regex Secret();

    private async Task<IReadOnlyList<OwnMailIn>> Received(OwnScope scope, CancellationToken ct)
    {
        var ids = scope.Ids;
        var rows = await scope.Read(db.Set<InboundMail>().AsNoTracking().Where(m => m.CaseId != null && ids.Contains(m.CaseId.Value)).OrderByDescending(m => m.ArrivedAt).ThenByDescending(m => m.Id), MaxMails, ct, "own-data.mails");
        var mails = new List<OwnMailIn>();
        foreach (var m in rows)
        {
            var sheet = await vault.Open<MailSheet>(m.Subject, DataClass.Case, InboundMail.Place, m.Id.ToString("N"), m.Data, ct);
            mails.Add(new OwnMailIn(
                scope.Number(m.CaseId), m.ArrivedAt, $"{m.State}", sheet?.From, sheet?.FromName, sheet?.Subject, sheet is null ? null : WithoutSecrets(sheet.Text), [.. (sheet?.Attachments ?? []).Select(a => a.Name)]));
        }
        return mails;
    }

    private async Task<IReadOnlyList<OwnCall>> Calls(OwnScope scope, CancellationToken ct)
    {
        var ids = scope.Ids;
        var calls = new List<OwnCall>();
        foreach (var c in await scope.Read(db.Set<PhoneCall>().AsNoTracking().Where(c => c.CaseId != null && ids.Contains(c.CaseId.Value)).OrderBy(c => c.StartedAt).ThenBy(c => c.Id), MaxMails, ct))
        {
            var notes = await vault.Open<CallNotes>(c.Subject, DataClass.Case, PhoneCall.Place, c.Id.ToString("N"), c.Data, ct);
            calls.Add(new OwnCall(
                scope.Number(c.CaseId), c.StartedAt, c.EndedAt, c.CallBackAt, $"{c.State}", notes?.Who, notes?.Number, notes?.Name, notes?.Contact, notes?.ContractNumber, notes?.Representative, notes?.EndsOn, notes?.Said));
        }
        return calls;
    }

    private async Task<IReadOnlyList<OwnChat>> Chats(OwnScope scope, CancellationToken ct)
    {
        var ids = scope.Ids;
        var conversations = await db.Set<Conversation>().AsNoTracking().Where(c => c.CaseId != null && ids.Contains(c.CaseId.Value)).OrderBy(c => c.Id).Take(MaxMails).ToDictionaryAsync(c => c.Id, ct);
        if (conversations.Count == 0)
            return [];
        var keys = conversations.Keys.ToList();
        var rows = await scope.Read(db.Set<ChatMessage>().AsNoTracking().Where(m => keys.Contains(m.ConversationId)).OrderBy(m => m.At).ThenBy(m => m.Id), MaxMessages, ct, "own-data.chats");
        var messages = new List<OwnChat>();
        foreach (var m in rows)
        {
            var conversation = conversations[m.ConversationId];
            var words = await vault.Open<ChatWords>(conversation.Subject, DataClass.Case, ChatMessage.Place, m.Id.ToString("N"), m.Data, ct);
            messages.Add(new OwnChat(scope.Number(conversation.CaseId), m.System, m.At, OwnScope.By(m.By), words is null ? null : WithoutSecrets(words.Text)));
        }
        return messages;
    }

    private async Task<IReadOnlyList<OwnIntake>> Intakes(OwnScope scope, CancellationToken ct)
    {
        var ids = scope.Ids;
        var subjects = scope.Cases.ToDictionary(c => c.Id, c => c.IntakeSubject);
        var found = new List<OwnIntake>();
        foreach (var row in await db.Set<IntakeRow>().AsNoTracking().Where(i => ids.Contains(i.CaseId)).OrderBy(i => i.At).ThenBy(i => i.CaseId).ToListAsync(ct))
            foreach (var fact in await vault.Open<List<IntakeFact>>(subjects[row.CaseId], DataClass.Case, IntakeRow.Place, row.CaseId.ToString("N"), row.Data, ct) ?? [])
                if (!OfOthers.Contains(fact.Key))
                    found.Add(new OwnIntake(scope.Number(row.CaseId), $"{row.Channel}", row.At, fact.Key, scope.Known("intake.fact", fact.Key) ?? fact.Key, fact.Value));
        return found;
    }

    /// <summary>Their requests about their data, each with its legal clock.</summary>
    private async Task<IReadOnlyList<OwnDataRequest>> Requests(OwnScope scope, CancellationToken ct)
    {
        var (id, t) = (scope.Customer.Id, scope.T);
        var rows = await scope.Read(db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == id).OrderBy(r => r.Serial), 1_000, ct);
        return
        [
            .. rows.Select(r => new OwnDataRequest(
                r.Number, $"{r.Kind}", t[$"data-request.kind.{r.Kind}"], t[$"data-request.law.{r.Law}"], t[$"data-request.proof.{r.Proof}"], r.ReceivedAt, OwnScope.By(r.ReceivedBy), scope.Number(r.CaseId), scope.Said(r.TextId), r.DueOn,
                r.ReceiptBy, r.ExtendableUntil, r.ExtendedAt, scope.Known("data-request.reason", r.ExtensionReason), $"{r.State}",
                scope.Known(r.State == DataRequestState.Refused ? "data-request.reason" : "data-request.result", r.Result), r.DecidedAt, r.LiftsAt, scope.Known("data-request.lift", r.LiftReason), r.LiftedAt)
            {
                Wanted = scope.Said(r.WantedId) is { } json && JsonSerializer.Deserialize<CustomerContact>(json, Json.Plain) is { } wanted ? string.Join(" · ", new[] { wanted.Mail, wanted.Phone }.OfType<string>()) : null,
                BeginsAt = r.BeginsAt,
            }),
        ];
    }
}
