using System.Globalization;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Settlements;

/// <summary>The lines of a bank file and what became of each, as CSV.</summary>
public sealed class ExportBankFile(AppDb db) : UseCase<ExportBankFile.Request, ExportBankFile.Csv>(db)
{
    public sealed record Request(Guid FileId);

    public sealed record Csv(string Text);

    public override Permission Needs => Permission.ViewMoney;

    protected override async Task<Outcome<Csv>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (!await Db.BankFiles.AnyAsync(f => f.Id == request.FileId, ct))
            return CommonRefusals.NotFound;
        var text = new StringBuilder("line,date,amount,currency,reference,state,why,case\n");
        var lines = Db.BankLines.AsNoTracking().Where(l => l.FileId == request.FileId).OrderBy(l => l.Number).Take(BankCsv.MaxLines).Select(l => new
        {
            l.Number, l.BookedOn, l.Amount, l.Currency, l.Reference, l.State, l.Why, l.Reason,
            Case = Db.PaymentOrders.Where(o => o.Id == l.OrderId).Join(Db.Cases, o => o.CaseId, c => c.Id, (o, c) => c.Number).FirstOrDefault(),
        });
        await foreach (var l in lines.AsAsyncEnumerable().WithCancellation(ct))
            text.Append(CultureInfo.InvariantCulture,
                $"{l.Number},{l.BookedOn:yyyy-MM-dd},{Money.Format(l.Amount, Currency.MinorDigits(l.Currency))},{l.Currency},{l.Reference},{l.State},{l.Reason?.ToString() ?? l.Why},{l.Case}\n");
        return new Csv(text.ToString());
    }
}
