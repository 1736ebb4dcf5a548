using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>
/// Complaints and suggestions being written, sealed and forgotten after a day like an application's draft, and in its table. The hash of
/// their token is taken with a prefix, so that neither opens as the other.
/// </summary>
public sealed class FeedbackDrafts(AppDb db, Vault vault)
{
    private const string Place = "drafts.feedback";

    public static byte[] HashOf(string token) => Secrets.Hash("feedback|" + token);

    public async Task<(Draft Row, HandIn Draft)?> Find(string token, DateTimeOffset now, CancellationToken ct)
    {
        var (hash, oldest) = (HashOf(token), now - Drafts.Lifetime);
        var row = await db.Drafts.SingleOrDefaultAsync(d => d.TokenHash == hash && d.CreatedAt > oldest, ct);
        return row is not null && await vault.Open<HandIn>(row.Subject, DataClass.Case, Place, RowOf(hash), row.Data, ct) is { } draft ? (row, draft) : null;
    }

    public Task<byte[]> Seal(long subject, byte[] hash, HandIn draft, CancellationToken ct) => vault.Seal(subject, DataClass.Case, Place, RowOf(hash), draft, ct);

    private static string RowOf(byte[] hash) => Convert.ToHexStringLower(hash);
}

/// <summary>Begins one: what it is and what it is about. From an open case with that case's number and the address on file.</summary>
public sealed class StartFeedback(AppDb db, Vault vault, FeedbackDrafts drafts) : UseCase<StartFeedback.Request, string>(db)
{
    /// <param name="CaseId">The case whose customer writes; the call is made as that customer.</param>
    public sealed record Request(Core.Feedback.FeedbackKind? Kind, string? About, Guid? CaseId = null);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<string>> Handle(Call call, Request request, CancellationToken ct)
    {
        var draft = new HandIn(request.Kind, request.About?.Trim());
        if (draft.CheckAbout() is { } no)
            return no;
        if (request.CaseId is { } caseId)
        {
            if (call.Actor.Id != Actor.Customer(caseId).Id)
                return CommonRefusals.NotFound;
            draft = await FromCase(draft, caseId, ct);
        }
        var token = Secrets.Token();
        var (hash, subject) = (FeedbackDrafts.HashOf(token), Intake.NewSubject());
        Db.Drafts.Add(new Draft { TokenHash = hash, Subject = subject, Data = await drafts.Seal(subject, hash, draft, ct), CreatedAt = call.Now });
        Db.Audit(call, "feedback.started", "draft");
        Db.Enqueue(ForgetDraft.Of(hash, call));
        return await Commit(token, ct);
    }

    private async Task<HandIn> FromCase(HandIn draft, Guid caseId, CancellationToken ct)
    {
        var exit = await Db.Cases.AsNoTracking().SingleAsync(c => c.Id == caseId, ct);
        draft = draft with { CaseId = caseId, Number = exit.Number };
        if (await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == exit.CustomerId, ct) is not { } customer
            || await vault.Open<Customers.CustomerContact>(customer.Id, DataClass.Contact, Customers.CustomerTable.ContactPlace, customer.Row, customer.Contact, ct) is not { } reach)
            return draft;
        return reach.Mail is { } mail ? draft with { By = AnswerWay.Mail, Contact = mail } : reach.Phone is { } phone ? draft with { By = AnswerWay.Phone, Contact = phone } : draft;
    }
}

/// <summary>Shows a draft to whoever has its link.</summary>
public sealed class ShowFeedbackDraft(AppDb db, FeedbackDrafts drafts) : UseCase<ShowFeedbackDraft.Request, HandIn>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<HandIn>> Handle(Call call, Request request, CancellationToken ct) =>
        await drafts.Find(request.Token, call.Now, ct) is var (_, draft) ? draft : FillFeedback.Gone;
}

/// <summary>Answers one question of a draft.</summary>
public sealed class FillFeedback(AppDb db, FeedbackDrafts drafts) : UseCase<FillFeedback.Request, Done>(db)
{
    /// <param name="Reach">The question how to be answered; otherwise the one for words.</param>
    public sealed record Request(string Token, bool Reach, string? Words = null, string? Wish = null, string? Number = null, AnswerWay? By = null, string? Contact = null, string? Name = null);

    public static readonly Refusal Gone = new(RefusalKind.NotFound, "feedback.draft-gone",
        "This was sent, or not finished within a day and is forgotten. Please start again.", "该内容已提交，或未在一天内完成而被清除。请重新开始。");

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (row, draft))
            return Gone;
        draft = request.Reach
            ? draft with { By = request.By, Contact = request.By == AnswerWay.Link ? null : request.Contact, Name = request.By == AnswerWay.Link ? null : request.Name }
            : draft with { Words = request.Words, Wish = request.Wish, Number = draft.CaseId is null ? request.Number : draft.Number };
        if ((request.Reach ? draft.CheckContact() : draft.CheckWords()) is { } no)
            return no;
        row.Data = await drafts.Seal(row.Subject, row.TokenHash, draft, ct);
        row.Version++;
        Db.Audit(call, "feedback.filled", "draft");
        return await Commit(Done.It, ct);
    }
}
