using Exeunt.App.Features.Admin.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Admin;

/// <summary>The entrance to administration: what there is to look after.</summary>
public static class AdminFeature
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPage("/admin", () => Web.Page<AdminPage>()).Needs(Permission.ManageSettings);
}
