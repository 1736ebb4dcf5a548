using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Feedback;

/// <summary>
/// Takes down what came by phone, mail, visit, or through an authority. Whoever wrote gets a link like everybody, by mail where they gave an
/// address; without one nobody has it.
/// </summary>
public sealed class RecordFeedback(AppDb db, FeedbackDesk desk, SubmitFeedback submit) : UseCase<RecordFeedback.Request, RecordFeedback.Result>(db)
{
    /// <param name="ThroughAuthority">An authority passed it on: it has its own time.</param>
    public sealed record Request(HandIn Typed, Channel Channel, bool ThroughAuthority = false);

    public sealed record Result(Guid Id, string Number);

    public override Permission Needs => Permission.HandleFeedback;

    protected override int Tries => 20;

    protected override async Task<Outcome<Result>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (!Enum.IsDefined(request.Channel))
            return CommonRefusals.Required("channel");
        var typed = request.Typed with { CaseId = null };
        // Who came in person or through an authority need not be reached otherwise.
        if ((typed.CheckAbout() ?? typed.CheckWords() ?? (typed.By == AnswerWay.Link ? null : typed.CheckContact())) is { } no)
            return no;
        var secret = typed.By == AnswerWay.Mail ? Secrets.Token() : null;
        var item = await submit.Stage(call, typed, request.Channel, request.ThroughAuthority, secret is null ? null : Secrets.Hash(secret), ct);
        if (secret is not null)
            await desk.Mail(item, call, "feedback.mail.receipt", [item.Number, SubmitFeedback.Stamp(item.ReceivedAt), Texts.In(call.Language).Date(FeedbackDesk.AnswerBy(item)), desk.Address(secret)], ct);
        return await Commit(new Result(item.Id, item.Number), ct);
    }
}
