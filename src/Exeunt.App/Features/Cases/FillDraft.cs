using Exeunt.App.Data;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;

namespace Exeunt.App.Features.Cases;

/// <summary>Writes the date, reason and words into a draft.</summary>
public sealed class FillDraft(AppDb db, Drafts drafts, CustomerMatch match, Settling settling, ReasonBook reasons) : UseCase<FillDraft.Request, Done>(db)
{
    /// <param name="EndsOn">Null leaves the date as it is.</param>
    /// <param name="Soonest">As soon as possible: takes a date back.</param>
    /// <param name="Reason">Null leaves the reason as it is, "" takes it back.</param>
    public sealed record Request(string Token, DateOnly? EndsOn = null, string? Reason = null, string? Words = null, bool Soonest = false);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await drafts.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return Intake.DraftGone;
        if (Intake.CheckWords(request.Words) is { } long_)
            return long_;
        if (request.Reason is { Length: > 0 } reason && await reasons.Check(reason, ct) is { } notThis)
            return notThis;
        if (Intake.CheckDate(request.EndsOn, call.Today(Clocks.CompanyZone)) is { } never)
            return never;
        if (draft.ProvenAt is not null && request.EndsOn is { } wish && await match.Find(typed, ct) is { } found)
        {
            var earliest = await settling.EarliestEnd(found.Contract, call.Today(found.Contract.Zone), ct);
            if (wish < earliest)
                return CaseRefusals.TooEarlyToEnd(earliest);
        }
        var filled = typed with
        {
            EndsOn = request.Soonest ? null : request.EndsOn ?? typed.EndsOn,
            Reason = request.Reason is null ? typed.Reason : request.Reason.Length == 0 ? null : request.Reason,
            Words = request.Words is null ? typed.Words : request.Words.Trim(),
        };
        draft.Data = await drafts.Seal(draft.Subject, draft.TokenHash, filled, ct);
        draft.Version++;
        Db.Audit(call, "draft.filled", "draft");
        return await Commit(Done.It, ct);
    }
}
