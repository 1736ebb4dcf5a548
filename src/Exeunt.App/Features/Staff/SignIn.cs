using System.Diagnostics;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Exeunt.App.Features.Staff;

/// <summary>A token for the REST API and when it ends.</summary>
public sealed record ApiToken(string Token, DateTimeOffset ExpiresAt);

/// <summary>
/// Who somebody is: password, then the second factor where it is on. A failure gives the same answer after the same time
/// whether the account exists, is disabled or locked; eight failures lock an account for a quarter of an hour.
/// </summary>
public sealed class SignIn(
    UserManager<StaffMember> users,
    IUserClaimsPrincipalFactory<StaffMember> principals,
    IOptionsMonitor<BearerTokenOptions> bearer,
    StaffDb staff,
    PasswordTurn turn,
    HostOptions options,
    TimeProvider time
)
{
    /// <summary>Every failure takes at least this long: more than the hash and the write of the count.</summary>
    private static readonly TimeSpan FailureTime = TimeSpan.FromMilliseconds(400);

    /// <summary>A person nobody is, so that a wrong mail costs the same hash as a wrong password.</summary>
    private static readonly StaffMember Nobody = new() { DisplayName = "" };
    private static string? _nobodysHash;

    /// <summary>First step. Success says nothing yet about the second factor.</summary>
    public async Task<Outcome<StaffMember>> CheckPassword(string? mail, string? password, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        if (await Check(mail, password, ct) is { } answer)
            return answer;
        await Pad(started, ct);
        return StaffRefusals.SignInFailed;
    }

    /// <summary>Second step: six digits of the authenticator (each once), or a recovery code (each once).</summary>
    public async Task<Outcome<StaffMember>> CheckCode(StaffMember member, string? code, CancellationToken ct)
    {
        var started = Stopwatch.GetTimestamp();
        if (!await users.IsLockedOutAsync(member) && await IsRight(member, code ?? ""))
            return member;
        await CountFailure(member, ct);
        await Pad(started, ct);
        return StaffRefusals.SignInFailed;
    }

    /// <summary>Opens the browser's session.</summary>
    public async Task OpenSession(HttpContext context, StaffMember member)
    {
        await Passed(member, "browser");
        await RenewSession(context, member);
        if (!context.Request.Cookies.ContainsKey(CallerMiddleware.LanguageCookie))
            SetLanguage(context, member.Language);
    }

    /// <summary>Writes the session's cookie anew, after something that ended all sessions of the person.</summary>
    public async Task RenewSession(HttpContext context, StaffMember member) =>
        await context.SignInAsync(IdentityConstants.ApplicationScheme, await principals.CreateAsync(member));

    public static void SetLanguage(HttpContext context, string language) =>
        context.Response.Cookies.Append(CallerMiddleware.LanguageCookie, language,
            new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromDays(365), IsEssential = true });

    /// <summary>A token for the API.</summary>
    public async Task<ApiToken> OpenApi(StaffMember member)
    {
        await Passed(member, "api");
        var scheme = bearer.Get(IdentityConstants.BearerScheme);
        var expires = time.GetUtcNow() + scheme.BearerTokenExpiration;
        var ticket = new AuthenticationTicket(await principals.CreateAsync(member), new AuthenticationProperties { ExpiresUtc = expires }, $"{IdentityConstants.BearerScheme}:AccessToken");
        return new ApiToken(scheme.BearerTokenProtector.Protect(ticket), expires);
    }

    /// <summary>Counts a wrong password or code, also when several come at once.</summary>
    public async Task CountFailure(StaffMember member, CancellationToken ct)
    {
        for (var attempt = 0; attempt < 10; attempt++)
        {
            if (await users.IsLockedOutAsync(member) || (await users.AccessFailedAsync(member)).Succeeded)
                return;
            await staff.Entry(member).ReloadAsync(ct);
        }
    }

    private async Task<Outcome<StaffMember>?> Check(string? mail, string? password, CancellationToken ct)
    {
        using var mine = await turn.Enter(ct);
        if (mine is null)
            return Problems.TooManyRequests;
        if (password is null or { Length: > StaffRefusals.MaxPassword } || mail is null or { Length: > 256 })
            return null;
        var member = await users.FindByEmailAsync(mail.Trim());
        var open = member is { IsDisabled: false, PasswordHash: not null } && (!member.IsDemo || options.IsLoopback) && !await users.IsLockedOutAsync(member);
        if (!open)
        {
            _nobodysHash ??= users.PasswordHasher.HashPassword(Nobody, "nobody's password");
            users.PasswordHasher.VerifyHashedPassword(Nobody, _nobodysHash, password);
            return null;
        }
        if (await users.CheckPasswordAsync(member!, password))
            return member!;
        await CountFailure(member!, ct);
        return null;
    }

    private async Task<bool> IsRight(StaffMember member, string typed)
    {
        var code = typed.Replace(" ", "", StringComparison.Ordinal).Trim();
        if (code.Length != 6 || !code.All(char.IsAsciiDigit))
            return code.Length is > 6 and < 40 && (await users.RedeemTwoFactorRecoveryCodeAsync(member, code.ToUpperInvariant())).Succeeded;
        const string provider = "exeunt", name = "last-code";
        if (await users.GetAuthenticationTokenAsync(member, provider, name) == code)
            return false;
        return await users.VerifyTwoFactorTokenAsync(member, TokenOptions.DefaultAuthenticatorProvider, code)
            && (await users.SetAuthenticationTokenAsync(member, provider, name, code)).Succeeded;
    }

    private async Task Passed(StaffMember member, string via)
    {
        // Only now: with a known password alone nobody may guess codes without end.
        await users.ResetAccessFailedCountAsync(member);
        var id = StaffDirectory.IdOf(member.Id);
        staff.Audit(id, "staff.signed-in", id, new { via, secondFactor = member.TwoFactorEnabled });
        await staff.SaveChangesAsync();
    }

    private static async Task Pad(long started, CancellationToken ct)
    {
        var left = FailureTime - Stopwatch.GetElapsedTime(started);
        if (left > TimeSpan.Zero)
            await Task.Delay(left, ct);
    }
}
