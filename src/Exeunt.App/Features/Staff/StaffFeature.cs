namespace Exeunt.App.Features.Staff;

/// <summary>Staff: signing in, one's own account, and the people of the company.</summary>
public static class StaffFeature
{
    /// <summary>Where people arrive when they asked for no page in particular.</summary>
    public const string Home = "/today";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PasswordTurn>();
        services.AddScoped<SignIn>().AddScoped<Account>().AddScoped<OneTimeLinks>().AddScoped<DemoPeople>().AddScoped<People>().AddScoped<PeopleRoutes.Lists>();
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        SignInRoutes.Map(routes);
        AccountRoutes.Map(routes);
        PeopleRoutes.Map(routes);
    }
}
