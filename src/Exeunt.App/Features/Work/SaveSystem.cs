using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Work;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Work;

/// <summary>Adds a connected system, or changes its address, secret or whether it is asked. Its name stays: procedures use it.</summary>
public sealed class SaveSystem(AppDb db, SystemSecrets secrets, HostOptions options) : UseCase<SaveSystem.Request, Done>(db)
{
    /// <param name="Secret">"whsec_…"; null or empty leaves the one that is there.</param>
    public sealed record Request(string? Name, string? Url, string? Secret, bool Active = true);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var name = request.Name?.Trim() ?? "";
        if (name.Length is 0 or > ConnectedSystem.MaxName || !name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'))
            return SystemRefusals.Name;
        if (!Fits(request.Url))
            return SystemRefusals.Url;
        if (request.Secret is { Length: > 0 } given && WebhookSignature.KeyOf(given) is null)
            return SystemRefusals.Secret;
        var system = await Db.Set<ConnectedSystem>().SingleOrDefaultAsync(s => s.Name == name, ct);
        if (system is null)
        {
            if (request.Secret is not { Length: > 0 } secret)
                return CommonRefusals.Required("secret");
            Db.Add(system = new ConnectedSystem { Id = Guid.CreateVersion7(), Name = name, Url = request.Url!.Trim(), Secret = await secrets.Seal(name, secret, ct), ChangedBy = call.Actor.Id, ChangedAt = call.Now });
        }
        else if (request.Secret is { Length: > 0 } changed)
            system.Secret = await secrets.Seal(name, changed, ct);
        (system.Url, system.IsActive, system.ChangedBy, system.ChangedAt) = (request.Url!.Trim(), request.Active, call.Actor.Id, call.Now);
        system.Version++;
        Db.Audit(call, "system.saved", $"system:{name}", new { system.IsActive, secretChanged = request.Secret is { Length: > 0 } });
        return await Commit(Done.It, ct);
    }

    /// <summary>https, or http to this machine where the installation listens only there (a demo, a test).</summary>
    private bool Fits(string? url) =>
        url is { Length: > 0 and <= ConnectedSystem.MaxUrl } && Uri.TryCreate(url.Trim(), UriKind.Absolute, out var uri) && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps ? !uri.IsLoopback || options.IsLoopback : uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback && options.IsLoopback);
}
