using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Returns;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Orders;

/// <summary>An article that can be had in exchange, with its price of today.</summary>
public sealed class SaveProduct(AppDb db) : UseCase<SaveProduct.Request, Done>(db)
{
    /// <param name="Price">Tax included, a decimal: "19.90".</param>
    public sealed record Request(string? Code, string? English, string? Chinese, string? Price, string? Currency, string? TaxRate, string? TaxCode = null, GoodsKind Kind = GoodsKind.Goods);

    public override Permission Needs => Permission.ImportData;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (CommonRefusals.UnfitLine("code", request.Code, 60, out var no) || CommonRefusals.UnfitLine("english", request.English, 200, out no) || CommonRefusals.UnfitLine("chinese", request.Chinese, 200, out no))
            return no;
        if (request.Currency is null || !Currency.IsKnown(request.Currency))
            return OrderRefusals.Wrong("currency");
        long price;
        try
        {
            price = Money.Parse(request.Price!, request.Currency, "price").Minor;
            if (request.Price is null || price is < 0 or > RecordOrder.MaxAmount)
                return OrderRefusals.Wrong("price");
            if (request.TaxRate is null || request.TaxRate.Length > 12 || Rate.Parse(request.TaxRate).IsAboveOne || request.TaxCode is { Length: > 20 })
                return OrderRefusals.Wrong("taxRate");
        }
        catch (CalculationException)
        {
            return OrderRefusals.Wrong("price");
        }
        if (!Enum.IsDefined(request.Kind))
            return OrderRefusals.Wrong("kind");
        if (await Db.Products.SingleOrDefaultAsync(p => p.Code == request.Code, ct) is not { } product)
            Db.Products.Add(product = new Product { Code = request.Code!, Chinese = request.Chinese!, English = request.English!, Price = price, Currency = request.Currency, TaxCode = "VAT", TaxRate = request.TaxRate });
        (product.Chinese, product.English, product.Price, product.Currency, product.TaxRate, product.TaxCode, product.Kind)
            = (request.Chinese!, request.English!, price, request.Currency, request.TaxRate, request.TaxCode ?? "VAT", request.Kind);
        product.Version++;
        Db.Audit(call, "product.saved", $"product:{request.Code}", new { request.Code, price, request.Currency });
        return await Commit(Done.It, ct);
    }
}
