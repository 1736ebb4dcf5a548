using System.Security.Claims;
using Exeunt.App.Features.Staff.Console;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Staff;

/// <summary>Signing in and out: in the browser in one or two steps, for the API in one.</summary>
internal static class SignInRoutes
{
    /// <param name="Code">Six digits or a recovery code, where the second factor is on.</param>
    public sealed record Credentials(string? Mail, string? Password, string? Code = null);

    /// <summary>Who is calling, and what they may do.</summary>
    public sealed record Me(Guid Id, string Mail, string Name, string Language, IReadOnlyList<RoleAssignment> Roles, IReadOnlyList<Permission> May);

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/sign-in", (Caller caller, string? back) =>
            caller.Staff is null ? Web.Page<SignInPage>(new { Back = Back(back) }) : Web.SeeOther(Back(back))).Needs(Permission.Public);

        routes.MapForm("/sign-in", async (HttpContext context, SignIn signIn, CancellationToken ct, [FromForm] string? mail, [FromForm] string? password, [FromForm] string? back) =>
        {
            var known = await signIn.CheckPassword(mail, password, ct);
            if (known.Refusal is { } refusal)
                return Web.Page<SignInPage>(new { Mail = mail, Back = Back(back), Refusal = refusal }, Problems.StatusOf(refusal));
            if (known.Value.TwoFactorEnabled)
            {
                await Remember(context, known.Value);
                return Web.SeeOther("/sign-in/code?back=" + Uri.EscapeDataString(Back(back)));
            }
            await signIn.OpenSession(context, known.Value);
            return (IResult)Web.SeeOther(Back(back));
        }).Needs(Permission.Public).RequireRateLimiting(Security.SignInLimit);

        routes.MapPage("/sign-in/code", (string? back) => Web.Page<CodePage>(new { Back = Back(back) })).Needs(Permission.Public);

        routes.MapForm("/sign-in/code", async (HttpContext context, SignIn signIn, UserManager<StaffMember> users, CancellationToken ct, [FromForm] string? code, [FromForm] string? back) =>
        {
            // Too late, or no first step, or something about the account changed in between: from the beginning.
            if (await Remembered(context, users) is not { } member)
                return Web.SeeOther("/sign-in?back=" + Uri.EscapeDataString(Back(back)));
            var known = await signIn.CheckCode(member, code, ct);
            if (known.Refusal is { } refusal)
                return Web.Page<CodePage>(new { Back = Back(back), Refusal = refusal }, Problems.StatusOf(refusal));
            await context.SignOutAsync(IdentityConstants.TwoFactorUserIdScheme);
            await signIn.OpenSession(context, member);
            return (IResult)Web.SeeOther(Back(back));
        }).Needs(Permission.Public).RequireRateLimiting(Security.SignInLimit);

        routes.MapForm("/sign-out", async (HttpContext context) =>
        {
            await context.SignOutAsync(IdentityConstants.ApplicationScheme);
            return Web.SeeOther("/sign-in");
        }).Needs(Permission.Public);

        var api = routes.MapGroup("/api").WithTags("Sign-in");
        api.MapPost("/sign-in", async (Credentials credentials, SignIn signIn, CancellationToken ct) =>
        {
            var known = await signIn.CheckPassword(credentials.Mail, credentials.Password, ct);
            if (known.Refusal is { } refusal)
                return new ProblemResult(refusal);
            if (known.Value.TwoFactorEnabled)
            {
                if (string.IsNullOrWhiteSpace(credentials.Code))
                    return new ProblemResult(StaffRefusals.CodeNeeded);
                if ((await signIn.CheckCode(known.Value, credentials.Code, ct)).Refusal is { } wrong)
                    return new ProblemResult(wrong);
            }
            return Results.Json(await signIn.OpenApi(known.Value), Json.Plain);
        }).Needs(Permission.Public).RequireRateLimiting(Security.SignInLimit).Produces<ApiToken>().WithSummary("Get a bearer token, valid for 8 hours");

        api.MapGet("/me", (Caller caller) => Results.Json(new Me(caller.Staff!.Id, caller.Staff.Email!, caller.Staff.DisplayName, caller.Staff.Language, caller.Actor.Roles,
                [.. Enum.GetValues<Permission>().Where(p => Permissions.RolesWith(p).Count > 0 && caller.May(p))]), Json.Plain))
            .Needs(Permission.Staff).Produces<Me>().WithSummary("Who you are and what you may do");
    }

    private static string Back(string? back) => string.IsNullOrEmpty(back) ? StaffFeature.Home : Web.Local(back);

    /// <summary>Keeps the first step for five minutes in a cookie of its own, bound to the account's present security stamp.</summary>
    private static Task Remember(HttpContext context, StaffMember member) =>
        context.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(new ClaimsIdentity(
            [new Claim(ClaimTypes.NameIdentifier, member.Id.ToString()), new Claim("stamp", member.SecurityStamp!)], IdentityConstants.TwoFactorUserIdScheme)));

    private static async Task<StaffMember?> Remembered(HttpContext context, UserManager<StaffMember> users)
    {
        var first = (await context.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme)).Principal;
        if (first?.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || await users.FindByIdAsync(id) is not { } member)
            return null;
        return member.SecurityStamp == first.FindFirstValue("stamp") && !member.IsDisabled ? member : null;
    }
}
