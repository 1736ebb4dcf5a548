using System.Globalization;
using System.Text;
using Exeunt.App.Features.Customers.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Customers;

/// <summary>客户: the list and the file of a customer.</summary>
internal static class CustomersFeature
{
    public static void Add(IServiceCollection services) => services.AddSingleton<CustomerCountries>().AddScoped<CustomerSearch>().AddScoped<CustomerLines>().AddScoped<ExportCustomers>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/customers", List).Needs(Permission.ViewCustomers);
        routes.MapPage("/customers.csv", Export).Needs(Permission.ViewCustomers);
        routes.MapPage("/customers/{id:long}", Show).Needs(Permission.ViewCustomers);
        routes.MapForm("/customers/{id:long}/reveal", Reveal).Needs(Permission.RevealPersonalData);
    }

    private static async Task<IResult> List(HttpContext http, Caller caller, ListCustomers list, CancellationToken ct)
    {
        var query = CustomerQuery.Read(http.Request.Query);
        var outcome = await list.Run(caller.Call, query, ct);
        return outcome.Refusal is { } refusal ? new ProblemResult(refusal) : Web.Page<CustomersPage>(new { Query = query, List = outcome.Value });
    }

    private static async Task<IResult> Export(HttpContext http, Caller caller, ExportCustomers export, CancellationToken ct)
    {
        var outcome = await export.Run(caller.Call, CustomerQuery.Read(http.Request.Query), ct);
        return outcome.Refusal is { } no ? new ProblemResult(no) : Csv.Download(http, outcome.Value.Text, "customers", caller.Call.Today(Clocks.CompanyZone), outcome.Value.Complete);
    }

    private static async Task<IResult> Show(Caller caller, ShowCustomer show, Orders.ListOrders orders, HandOvers.ListOwners owners, Classes.ShowCustomerClasses classes, Ratings.ShowRatings ratings, long id, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call, id, ct);
        return outcome.Refusal is { } refusal ? new ProblemResult(refusal) : Web.Page<CustomerPage>(new { File = outcome.Value, Orders = (await orders.Run(caller.Call, new(id), ct)).Value, Owners = (await owners.Run(caller.Call, new(id), ct)).Value, Classes = (await classes.Run(caller.Call, id, ct)).Value, Ratings = (await ratings.Run(caller.Call, id, ct)).Value });
    }

    /// <summary>Answers with the page itself and not with a redirect: what is shown in clear is kept nowhere in between.</summary>
    private static async Task<IResult> Reveal(Caller caller, RevealContact reveal, ShowCustomer show, Orders.ListOrders orders, HandOvers.ListOwners owners, Classes.ShowCustomerClasses classes, Ratings.ShowRatings ratings, long id, CancellationToken ct)
    {
        var revealed = await reveal.Run(caller.Call, id, ct);
        if (revealed.Refusal is { } refusal)
            return new ProblemResult(refusal);
        var file = await show.Run(caller.Call with { IdempotencyKey = null }, id, ct);
        return file.Refusal is { } no ? new ProblemResult(no) : Web.Page<CustomerPage>(new { File = file.Value, Orders = (await orders.Run(caller.Call with { IdempotencyKey = null }, new(id), ct)).Value, Owners = (await owners.Run(caller.Call with { IdempotencyKey = null }, new(id), ct)).Value, Classes = (await classes.Run(caller.Call with { IdempotencyKey = null }, id, ct)).Value, Ratings = (await ratings.Run(caller.Call with { IdempotencyKey = null }, id, ct)).Value, Revealed = revealed.Value });
    }
}
