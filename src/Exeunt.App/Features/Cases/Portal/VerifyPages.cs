using Exeunt.App.Features.Certificates;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Mvc;

namespace Exeunt.App.Features.Cases.Portal;

/// <summary>Anybody checks a certificate, by its number or its file.</summary>
public static class VerifyPages
{
    public const int MaxFile = 5 * 1024 * 1024;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPage("/verify", () => Web.Page<VerifyPage>()).Needs(Permission.Public);
        routes.MapForm("/verify", Number).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
        routes.MapForm("/verify/file", File).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).Takes(4 * MaxFile);
        routes.MapPage("/verify/file", () => Web.SeeOther("/verify")).Needs(Permission.Public);
        routes.MapPage("/verify/{serial}", async (string serial, CheckCertificate check, Caller caller, CancellationToken ct) =>
            Web.Page<VerdictPage>(new { (await check.Run(caller.Call, new(serial), ct)).Value })).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
    }

    private static IResult Number([FromForm] string? serial) =>
        string.IsNullOrWhiteSpace(serial) ? Again(CommonRefusals.Required("serial")) : Web.SeeOther("/verify/" + Uri.EscapeDataString(serial.Trim().Replace('/', '-')));

    private static async Task<IResult> File(IFormFile? file, CheckCertificate check, Caller caller, CancellationToken ct)
    {
        if (file is null or { Length: 0 })
            return Again(CommonRefusals.Required("file"));
        if (file.Length > MaxFile)
            return Again(PortalRefusals.FileTooLarge);
        using var bytes = new MemoryStream((int)file.Length);
        await file.CopyToAsync(bytes, ct);
        return Web.Page<VerdictPage>(new { (await check.Run(caller.Call, new(null, bytes.ToArray()), ct)).Value });
    }

    private static IResult Again(Refusal no) => Web.Page<VerifyPage>(new { Refusal = no }, StatusCodes.Status422UnprocessableEntity);
}
