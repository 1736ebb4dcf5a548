using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Intake;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Intakes;

/// <summary>
/// Makes a conversation an application, with its transcript as proof. The statutory clock starts with the first message that says clearly that
/// the contract shall end, else with the customer's last one. The receipt is said in the chat, with the link.
/// </summary>
public sealed class ApplyFromChat(AppDb db, ChatDesk chats, Receiving receiving, CaseDesk desk, IntakeProofs proofs) : UseCase<ApplyFromChat.Request, ApplyFromChat.Made>(db)
{
    public sealed record Request(Guid Id, string? ContractNumber, string? Name, string? Contact, DateOnly? EndsOn = null, string? Reason = null);

    public sealed record Made(Guid CaseId, string Number);

    public override Permission Needs => Permission.HandleCases;

    protected override int Tries => Receiving.Tries;

    protected override async Task<Outcome<Made>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.Set<Conversation>().SingleOrDefaultAsync(c => c.Id == request.Id, ct) is not { } conversation || await chats.Head(conversation, ct) is not { } head)
            return CommonRefusals.NotFound;
        if (conversation.State == ConversationState.Application)
            return IntakeRefusals.Over;
        var lines = await chats.Lines(conversation, ct);
        var callers = call with { Language = head.Language.Length > 0 ? head.Language : ShowChat.WishOf(lines).Language };
        var own = lines.Where(l => l.Message.By == ChatDesk.Customer && l.Words is not null).ToList();
        if (own.Count == 0)
            return IntakeRefusals.Over;
        var words = string.Join('\n', own.Select(l => l.Words!.Text));
        var typed = await receiving.Read(callers, request.ContractNumber, request.Name, request.Contact, request.EndsOn, request.Reason, words.Length > Cases.Intake.MaxWords ? words[..Cases.Intake.MaxWords] : words, ct);
        if (typed.Refusal is { } no)
            return no;
        var said = own.Find(l => WishReader.Read("", l.Words!.Text) is { Wish: Wish.Clear } or { Why: "no-number" or "several-numbers" or "several-dates" }) ?? own[^1];
        var begun = await receiving.Begin(callers, typed.Value, Channel.Chat, conversation.Subject, ct, said.Message.At);
        desk.Stage(begun.Exit, callers);
        await proofs.Stage(begun.Exit, said.Message.At, call.Actor.Id,
        [
            new("system", conversation.System), new("speaker", head.Speaker), new("messages", lines.Count.ToString(System.Globalization.CultureInfo.InvariantCulture)), new("sentence", said.Words!.Text.Length > 300 ? said.Words.Text[..300] + "…" : said.Words.Text),
        ], [ProofFile.Of("chat", ChatDesk.Transcript(conversation, lines))], callers, ct);
        await receiving.StageReceiptMail(begun, typed.Value, callers, ct);
        (conversation.State, conversation.CaseId, conversation.DecidedBy) = (ConversationState.Application, begun.Exit.Id, call.Actor.Id);
        var t = Texts.In(callers.Language);
        await chats.Say(conversation, "system", t["intake.chat.receipt", begun.Exit.Number, Receiving.Time(begun.Exit, t), begun.Link], callers, ct);
        Db.Audit(call, "conversation.applied", $"conversation:{conversation.Id:N}", new { caseId = begun.Exit.Id });
        return await Commit(new Made(begun.Exit.Id, begun.Exit.Number), ct);
    }
}
