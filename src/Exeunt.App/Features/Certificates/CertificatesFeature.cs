using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.Certificates;

/// <summary>Certificates and papers: issued by effects, checked by anybody.</summary>
public static class CertificatesFeature
{
    public static void Add(IServiceCollection services)
    {
        services.AddScoped<Papers>().AddScoped<OwnLetters>().AddSingleton<Letterhead>();
        services.AddEffect<ArchiveStep>("step.archive").AddEffect<ProveArchive>("archive.prove").AddEffect<NotifyStep>("step.notify").AddEffect<CertifyStep>("step.certify");
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/certificates").WithTags("Certificates");
        api.MapGet("/{serial}", async (string serial, CheckCertificate check, Caller caller, CancellationToken ct) => (await check.Run(caller.Call, new(serial), ct)).Api())
            .Needs(Permission.Public).RequireRateLimiting(Security.IntakeLimit).WithSummary("Is this certificate valid?");
    }
}
