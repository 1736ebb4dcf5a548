using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Certificates;

/// <summary>Certificates and papers: issued by effects, checked by anybody, corrected and revoked by name.</summary>
public static class CertificatesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<Papers>().AddScoped<OwnLetters>().AddSingleton<Letterhead>().AddScoped<CertificateDesk>();
        services.AddEffect<ArchiveStep>("step.archive").AddEffect<ProveArchive>("archive.prove").AddEffect<NotifyStep>("step.notify").AddEffect<CertifyStep>("step.certify")
            .AddEffect<IssueCertificates>(IssueCertificates.Kind);
    }

    public sealed record Why(string? Reason);

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/certificates").WithTags("Certificates");
        api.MapGet("/{serial}", async (string serial, CheckCertificate check, Caller caller, CancellationToken ct) => (await check.Run(caller.Call, new(serial), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Is this certificate valid?");
        api.MapPost("/{serial}/correction", async (string serial, Why body, CorrectCertificate correct, Caller caller, CancellationToken ct) => (await correct.Run(caller.Call, new(serial, body.Reason), ct)).Api())
            .Needs(Permission.HandleCertificates).WithSummary("Replace a wrong certificate by one written anew from the records.");
        api.MapPost("/{serial}/revocation", async (string serial, Why body, RevokeCertificate revoke, Caller caller, CancellationToken ct) => (await revoke.Run(caller.Call, new(serial, body.Reason), ct)).Api())
            .Needs(Permission.HandleCertificates).WithSummary("Revoke a certificate.");
        routes.MapForm("/cases/{id:guid}/certificates/{serial}/correction", (Guid id, string serial, IFormCollection typed, CasesConsole.Pages pages, CorrectCertificate correct, CancellationToken ct) =>
            pages.After("certificate", id, typed, call => correct.Run(call, new(serial, typed["reason"]), ct), ct, "data")).Needs(Permission.HandleCertificates);
        routes.MapForm("/cases/{id:guid}/certificates/{serial}/revocation", (Guid id, string serial, IFormCollection typed, CasesConsole.Pages pages, RevokeCertificate revoke, CancellationToken ct) =>
            pages.After("revocation", id, typed, call => revoke.Run(call, new(serial, typed["reason"]), ct), ct, "data")).Needs(Permission.HandleCertificates);

        routes.MapGet("/api/progress/{token}/certificates", async (string token, ListOwnCertificates list, Caller caller, CancellationToken ct) => (await list.Run(caller.Call, new(token), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").WithSummary("The certificates of erasure and account closure that the case's link opens.");
        routes.MapGet("/api/progress/{token}/certificates/{serial}", Fetch)
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithTags("Customer").WithSummary("One of those certificates, as a signed PDF.");
        routes.MapPage("/progress/{token}/certificates/{serial}", Fetch).Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit);
    }

    /// <summary>A certificate behind a link, of a case or of a request about data.</summary>
    internal static async Task<IResult> Fetch(string token, string serial, FetchCertificate fetch, Caller caller, CancellationToken ct) => Sent(await fetch.Run(caller.Call with { IdempotencyKey = null }, new(token, serial), ct));

    internal static IResult Sent(Core.Outcome<DownloadDocument.File> got) => got.Refusal is { } no ? new ProblemResult(no) : Results.File(got.Value.Bytes, got.Value.MediaType, got.Value.Name);
}
