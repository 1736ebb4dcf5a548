using Exeunt.App.Features.Today.Console;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Today;

/// <summary>今日: what is due for the person who looks. Features add to it by registering an <see cref="ITodaySource"/>.</summary>
internal static class TodayFeature
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapPage("/today", Show).Needs(Permission.Staff);

    private static async Task<IResult> Show(Caller caller, ShowToday show, CancellationToken ct)
    {
        var outcome = await show.Run(caller.Call, Done.It, ct);
        return outcome.Refusal is { } refusal ? new ProblemResult(refusal) : Web.Page<TodayPage>(new { Today = outcome.Value });
    }
}
