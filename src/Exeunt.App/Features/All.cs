namespace Exeunt.App.Features;

/// <summary>Every feature, in the order of the menu. A new feature is one line in each list.</summary>
public static class All
{
    public static void Add(IServiceCollection services, HostOptions options)
    {
        _ = (services, options);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        _ = routes;
    }
}
