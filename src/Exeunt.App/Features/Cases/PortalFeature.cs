using Exeunt.App.Features.Cases.Portal;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Cases;

/// <summary>The portal: what anybody can do without an account. Pages without JavaScript, one question each.</summary>
public static class PortalFeature
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/", () => Web.Page<StartPage>()).Needs(Permission.Public);
        routes.MapPage("/follow", () => Web.Page<FollowPage>()).Needs(Permission.Public);
        routes.MapForm("/follow", Follow).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
        ApplyPages.Map(routes);
        ProgressPages.Map(routes);
        VerifyPages.Map(routes);
        SurveyPages.Map(routes);
    }

    private static async Task<IResult> Follow([FromForm] string? link, CaseAccess access, CancellationToken ct)
    {
        var token = Token(link ?? "");
        return await access.CaseOf(token, ct) is not null
            ? Web.SeeOther($"/progress/{token}")
            : Web.Page<FollowPage>(new { Link = link, Refusal = PortalRefusals.NoSuchLink }, StatusCodes.Status422UnprocessableEntity);
    }

    /// <summary>The secret in a whole link, with whatever a mail program added, or typed alone.</summary>
    private static string Token(string link)
    {
        var rest = link.Trim().TrimEnd('.', '。', '>', '/').Split('?', '#')[0];
        return rest.Split('/').SkipWhile(p => p != "progress").Skip(1).FirstOrDefault() ?? rest;
    }
}

/// <summary>What the portal's pages share.</summary>
internal static class PortalForms
{
    /// <summary>The message that stands beside a field; null when the refusal is about something else.</summary>
    public static string? Beside(this Refusal? refusal, string field, Caller caller) =>
        refusal?.Field == field ? refusal.In(caller.Language) : null;

    /// <summary>Before the title of a page that came back with a message, so that it is heard first.</summary>
    public static string Title(Caller caller, Refusal? refusal, string title) => refusal is null ? title : caller.T["portal.error"] + title;

    /// <summary>A form's address opened as a page (reload, language switch after a message) leads to the page it stands on.</summary>
    public static void LeadBack(this IEndpointRouteBuilder routes, string form, string page) =>
        routes.MapPage(form, (string token) => Web.SeeOther(string.Format(System.Globalization.CultureInfo.InvariantCulture, page, token))).Needs(Permission.Public);
}

public static class PortalRefusals
{
    public static readonly Refusal NoSuchLink = Of("portal.no-such-link", "portal.follow.unreadable", "link");

    public static readonly Refusal FileTooLarge = Of("portal.file-too-large", "portal.verify.too-large", "file");

    private static Refusal Of(string code, string key, string field) =>
        new(RefusalKind.Invalid, code, Texts.English[key], Texts.Chinese[key], Field: field);
}
