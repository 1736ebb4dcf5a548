using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Cases;

/// <summary>
/// A customer's way to their case: the link's token finds it; a session, given after a code, opens it for twelve hours.
/// </summary>
public sealed class CaseAccess(AppDb db, IDataProtectionProvider protection)
{
    public const string Cookie = "exeunt.case";
    public const string Header = "Case-Session";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);
    private readonly IDataProtector _protector = protection.CreateProtector("case-session");

    /// <summary>The case of a link; null when there is none.</summary>
    public async Task<Guid?> CaseOf(string token, CancellationToken ct)
    {
        var hash = Secrets.Hash(token);
        return await db.CaseIndex.AsNoTracking().Where(i => i.TokenHash == hash).Select(i => (Guid?)i.CaseId).SingleOrDefaultAsync(ct);
    }

    /// <summary>A session for a case, to be sent back as cookie or header.</summary>
    public string Session(Guid caseId, DateTimeOffset now) =>
        _protector.Protect($"{caseId:N}|{(now + Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Whether the request carries a living session for this case.</summary>
    public bool IsOpen(HttpContext context, Guid caseId, DateTimeOffset now)
    {
        var session = context.Request.Headers[Header].ToString() is { Length: > 0 } header ? header : context.Request.Cookies[Cookie];
        if (string.IsNullOrEmpty(session))
            return false;
        try
        {
            var parts = _protector.Unprotect(session).Split('|');
            return parts[0] == caseId.ToString("N") && long.Parse(parts[1], CultureInfo.InvariantCulture) > now.ToUnixTimeSeconds();
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }

    /// <summary>The call as the case's customer, or the refusal that says which code is missing.</summary>
    public async Task<(Guid Id, Call Call, Refusal? Refusal)> Open(HttpContext context, Caller caller, string token, CancellationToken ct)
    {
        if (await CaseOf(token, ct) is not { } id)
            return (default, caller.Call, CommonRefusals.NotFound);
        return IsOpen(context, id, caller.Now) ? (id, caller.AsCustomer(id), null) : (id, caller.Call, CodeFirst);
    }

    private static readonly TimeSpan SecondClick = TimeSpan.FromMinutes(5);

    /// <summary>What was just sent with a code opens at once, on a second click too; an old link of something sent opens nothing.</summary>
    /// <returns>Whether it is open now.</returns>
    public bool RememberSent(HttpContext context, Guid caseId, DateTimeOffset sentAt, DateTimeOffset now)
    {
        if (now - sentAt >= SecondClick)
            return false;
        Remember(context, Session(caseId, now));
        return true;
    }

    public static void Remember(HttpContext context, string session) =>
        context.Response.Cookies.Append(Cookie, session, new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true, MaxAge = Lifetime });

    public static readonly Refusal CodeFirst = new(RefusalKind.Forbidden, "case.code-first",
        "Open your case first, with the code sent to the contact on file.", "请先使用发送到留存联系方式的验证码打开您的案件。");
}
