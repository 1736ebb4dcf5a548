using System.Globalization;
using System.Text;
using Exeunt.App.Features.Customers.Console;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Customers;

/// <summary>客户: the list and the file of a customer.</summary>
internal static class CustomersFeature
{
    public static void Add(IServiceCollection services, HostOptions options)
    {
        services.AddSingleton<CustomerCountries>().AddScoped<CustomerSearch>().AddScoped<CustomerLines>().AddScoped<ExportCustomers>().AddScoped<CustomerPages>().AddSingleton<SearchKeeper>();
        if (options.Worker)
            services.AddHostedService(p => p.GetRequiredService<SearchKeeper>());
    }

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

    private static Task<IResult> Show(Caller caller, CustomerPages pages, long id, CancellationToken ct) => pages.Page(caller.Call, id, null, null, ct);

    /// <summary>Answers with the page itself and not with a redirect: what is shown in clear is kept nowhere in between.</summary>
    private static async Task<IResult> Reveal(Caller caller, RevealContact reveal, CustomerPages pages, long id, IFormCollection typed, CancellationToken ct)
    {
        var revealed = await reveal.Run(caller.Call, new(id, typed["reason"]), ct);
        if (revealed.Refusal is { Field: null } no)
            return new ProblemResult(no);
        return await pages.Page(caller.Call with { IdempotencyKey = null }, id, revealed.Succeeded ? revealed.Value : null, revealed.Refusal, ct);
    }
}

/// <summary>A customer's page: what each feature has to show of the customer, as far as the caller may see it.</summary>
internal sealed class CustomerPages(ShowCustomer show, Orders.ListOrders orders, HandOvers.ListOwners owners, Classes.ShowCustomerClasses classes, Ratings.ShowRatings ratings)
{
    /// <param name="refused">Why nothing is shown in clear; null: it is, or was not asked for.</param>
    public async Task<IResult> Page(Call call, long id, RevealedContact? revealed, Refusal? refused, CancellationToken ct)
    {
        var file = await show.Run(call, id, ct);
        if (file.Refusal is { } refusal)
            return new ProblemResult(refusal);
        return Web.Page<CustomerPage>(new
        {
            File = file.Value, Revealed = revealed, Refused = refused,
            Orders = Seen(await orders.Run(call, new(id), ct)) ?? [], Owners = Seen(await owners.Run(call, new(id), ct)), Classes = Seen(await classes.Run(call, id, ct)), Ratings = Seen(await ratings.Run(call, id, ct)),
        }, refused is null ? StatusCodes.Status200OK : Problems.StatusOf(refused));
    }

    private static T? Seen<T>(Outcome<T> outcome) where T : class => outcome.Refusal is null ? outcome.Value : null;
}
