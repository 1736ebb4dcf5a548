using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Offboarding;

/// <summary>Somebody who took no part decides a customer's objection, with words the customer reads: upheld, the ending is refused.</summary>
public sealed class DecideObjection(AppDb db, CaseDesk desk, CaseTexts texts, TurnBack back, CaseLetters letters) : UseCase<DecideObjection.Request, Done>(db)
{
    public const int MaxWords = 4000;

    public sealed record Request(Guid CaseId, bool? Upheld, string? Words);

    public override Permission Needs => Permission.DecideOffboarding;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is not { } exit)
            return CommonRefusals.NotFound;
        if (exit.CannotDecideObjection(call.Actor.Id) is { } not)
            return not;
        if (request.Upheld is not { } upheld)
            return CommonRefusals.Required("upheld");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        var words = request.Words.Trim();
        if (exit.DecideObjection(upheld, call.Actor.Id, await texts.Stage(exit, "objection", words, ct)) is { } no)
            return no;
        if (upheld)
            await back.Stage(exit, "mail.objection-upheld", words, call, ct);
        else
            // Where the last day passed while the objection was open, what waited for it goes on now.
            await letters.Mail(exit, call, "mail.objection-rejected", [exit.Number, words, Texts.In(exit.Language).Date(exit.EffectiveOn!.Value)], [], ct);
        desk.Stage(exit, call);
        return await Commit(Done.It, ct);
    }
}
