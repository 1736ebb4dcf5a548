using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>Closes a reconciliation once no line of it is open. Final.</summary>
public sealed class CloseBankFile(AppDb db) : UseCase<CloseBankFile.Request, Done>(db)
{
    private const int Named = 10;

    public sealed record Request(Guid FileId);

    public override Permission Needs => Permission.HandleMoney;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await Db.BankFiles.SingleOrDefaultAsync(f => f.Id == request.FileId, ct) is not { } file)
            return CommonRefusals.NotFound;
        if (file.State == BankFileState.Closed)
            return BankRefusals.FileClosed;
        var open = Db.BankLines.AsNoTracking().Where(l => l.FileId == file.Id && l.State == BankLineState.Open);
        if (await open.CountAsync(ct) is > 0 and var count)
            return BankRefusals.LinesOpen(count, await open.OrderBy(l => l.Number).Select(l => l.Number).Take(Named).ToListAsync(ct));
        (file.State, file.ClosedBy, file.ClosedAt) = (BankFileState.Closed, call.Actor.Id, call.Now);
        file.Version++;
        Db.Audit(call, "bank.file-closed", $"bank-file:{file.Id:N}", new { file.Lines });
        return await Commit(Done.It, ct);
    }
}
