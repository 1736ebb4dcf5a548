using Exeunt.App.Features.Staff.Console;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Staff;

/// <summary>One's own account, and the one-time link with which it begins.</summary>
internal static class AccountRoutes
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/welcome/{token}", async (string token, OneTimeLinks links, CancellationToken ct) =>
            await links.Find(token, ct) is { } member
                ? Web.Page<WelcomePage>(new { Token = token, Mail = member.Email! })
                : (IResult)new ProblemResult(StaffRefusals.LinkGone)).Needs(Permission.Public).RequireRateLimiting(Security.SignInLimit);

        routes.MapForm("/welcome/{token}", async (string token, HttpContext context, OneTimeLinks links, Account account, SignIn signIn, CancellationToken ct,
            [FromForm] string? fresh, [FromForm] string? again) =>
        {
            var set = await account.Welcome(token, fresh, again, ct);
            if (set.Refusal is { Field: not null } refusal && await links.Find(token, ct) is { } member)
                return Web.Page<WelcomePage>(new { Token = token, Mail = member.Email!, Refusal = refusal }, Problems.StatusOf(refusal));
            if (set.Refusal is { } gone)
                return new ProblemResult(gone);
            await signIn.OpenSession(context, set.Value);
            return (IResult)Web.SeeOther("/account/second-factor");
        }).Needs(Permission.Public).RequireRateLimiting(Security.SignInLimit);

        routes.MapPage("/account", (Caller caller, string? done) => Web.Page<AccountPage>(new { Me = caller.Staff!, Changed = done == "password" }))
            .Needs(Permission.Staff);

        routes.MapForm("/account/password", async (HttpContext context, Caller caller, Account account, SignIn signIn, CancellationToken ct,
            [FromForm] string? password, [FromForm] string? fresh, [FromForm] string? again) =>
        {
            var changed = await account.ChangePassword(caller.Staff!, password, fresh, again, ct);
            if (changed.Refusal is { } refusal)
                return Web.Page<AccountPage>(new { Me = caller.Staff!, Refusal = refusal }, Problems.StatusOf(refusal));
            await signIn.RenewSession(context, changed.Value);
            return (IResult)Web.SeeOther("/account?done=password");
        }).Needs(Permission.Staff).RequireRateLimiting(Security.SignInLimit);

        routes.MapForm("/account/language", async (HttpContext context, Caller caller, Account account, [FromForm] string? language) =>
        {
            await account.SetLanguage(caller.Staff!, language ?? "en");
            SignIn.SetLanguage(context, language == "zh" ? "zh" : "en");
            return Web.SeeOther("/account");
        }).Needs(Permission.Staff);

        routes.MapPage("/account/second-factor", async (Caller caller, Account account) =>
            Web.Page<SecondFactorPage>(new { Me = caller.Staff!, Key = await account.KeyInSetUp(caller.Staff!) })).Needs(Permission.Staff);

        routes.MapForm("/account/second-factor/start", async (HttpContext context, Caller caller, Account account, SignIn signIn) =>
        {
            var started = await account.StartSecondFactor(caller.Staff!);
            if (started.Refusal is { } refusal)
                return new ProblemResult(refusal);
            await signIn.RenewSession(context, started.Value);
            return (IResult)Web.SeeOther("/account/second-factor");
        }).Needs(Permission.Staff);

        routes.MapForm("/account/second-factor/confirm", async (HttpContext context, Caller caller, Account account, SignIn signIn, CancellationToken ct, [FromForm] string? code) =>
        {
            var on = await account.ConfirmSecondFactor(caller.Staff!, code, ct);
            if (on.Refusal is { Field: null } refusal)
                return new ProblemResult(refusal);
            if (on.Refusal is { } wrong)
                return Web.Page<SecondFactorPage>(new { Me = caller.Staff!, Key = await account.KeyInSetUp(caller.Staff!), Refusal = wrong }, Problems.StatusOf(wrong));
            await signIn.RenewSession(context, on.Value.Member);
            // Not a redirect: the codes are shown once and stored only sealed.
            return (IResult)Web.Page<RecoveryCodesPage>(new { on.Value.Codes });
        }).Needs(Permission.Staff).RequireRateLimiting(Security.SignInLimit);

        routes.MapForm("/account/second-factor/off", async (HttpContext context, Caller caller, Account account, SignIn signIn, CancellationToken ct, [FromForm] string? code) =>
        {
            var off = await account.TurnOffSecondFactor(caller.Staff!, code, ct);
            if (off.Refusal is { } refusal)
                return Web.Page<SecondFactorPage>(new { Me = caller.Staff!, Refusal = refusal }, Problems.StatusOf(refusal));
            await signIn.RenewSession(context, off.Value);
            return (IResult)Web.SeeOther("/account");
        }).Needs(Permission.Staff).RequireRateLimiting(Security.SignInLimit);
    }
}
