using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Settlement;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Sets a bank line aside that belongs to no order, with a reason and words; its money goes to suspense.</summary>
public sealed class SetBankLineAside(AppDb db, Vault vault) : UseCase<SetBankLineAside.Request, Done>(db)
{
    public const int MaxWords = 500;

    public sealed record Request(Guid FileId, int Line, SetAsideReason? Reason, string? Words);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.BankLines.SingleOrDefaultAsync(l => l.FileId == request.FileId && l.Number == request.Line, ct) is not { } line)
            return CommonRefusals.NotFound;
        if (line.State != BankLineState.Open)
            return BankRefusals.LineResolved;
        if (request.Reason is not { } reason || !Enum.IsDefined(reason))
            return CommonRefusals.Required("reason");
        if (CommonRefusals.Unfit("words", request.Words, MaxWords, out var unfit))
            return unfit;
        line.Words = await vault.Seal(BankLine.WordsSubject, DataClass.Legal, BankLine.Place, line.Row, request.Words.Trim(), ct);
        (line.State, line.Reason, line.ResolvedBy, line.ResolvedAt) = (BankLineState.SetAside, reason, call.Actor.Id, call.Now);
        line.Version++;
        Allocating.Post(Db, null, line.Currency, "suspense", PaymentEntry.SetAside(line.Value), call);
        Db.Audit(call, "bank.line-set-aside", line.Target, new { reason });
        return await Commit(Done.It, ct);
    }
}
