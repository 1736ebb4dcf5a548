using System.Security.Cryptography;
using System.Text;
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

/// <summary>The connected systems, without their secrets.</summary>
public sealed class ListSystems(AppDb db) : UseCase<ListSystems.Request, ListSystems.Page>(db)
{
    public const int Max = 200;

    public sealed record Request;

    /// <param name="Waiting">Orders sent, or to be sent, that are not confirmed.</param>
    public sealed record Row(string Name, string Url, bool IsActive, DateTimeOffset ChangedAt, int Waiting);

    public sealed record Page(IReadOnlyList<Row> Systems);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<Page>> Handle(Call call, Request request, CancellationToken ct)
    {
        var open = await Db.WorkOrders.AsNoTracking().Where(w => w.DoneAt == null && w.System != null).GroupBy(w => w.System!).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, ct);
        return new Page([.. (await Db.Set<ConnectedSystem>().AsNoTracking().OrderBy(s => s.Name).Take(Max).ToListAsync(ct)).Select(s => new Row(s.Name, s.Url, s.IsActive, s.ChangedAt, open.GetValueOrDefault(s.Name)))]);
    }
}

/// <summary>Seals the secrets of systems under a key of the installation.</summary>
public sealed class SystemSecrets(KeyStore keys)
{
    public async Task<byte[]> Seal(string name, string secret, CancellationToken ct) => Vault.Encrypt(await Key(ct), Encoding.UTF8.GetBytes(secret), About(name));

    /// <summary>The key that signs.</summary>
    public async Task<byte[]> KeyOf(ConnectedSystem system, CancellationToken ct) =>
        WebhookSignature.KeyOf(Encoding.UTF8.GetString(Vault.Decrypt(await Key(ct), system.Secret, About(system.Name))))!;

    private Task<byte[]> Key(CancellationToken ct) => keys.Secret("systems-key", () => RandomNumberGenerator.GetBytes(32), ct);

    private static string About(string name) => $"system|{name}";
}

public static class SystemRefusals
{
    public static readonly Refusal Name = new(RefusalKind.Invalid, "system.name",
        "A name of lower-case letters, digits and hyphens, at most 60.", "名称由小写字母、数字和连字符组成，最多 60 个字符。", Field: "name");

    public static readonly Refusal Url = new(RefusalKind.Invalid, "system.url",
        "An https address without user name; http only on this machine, in a demo.", "须为不含用户名的 https 地址；仅演示环境允许本机 http。", Field: "url");

    public static readonly Refusal Secret = new(RefusalKind.Invalid, "system.secret",
        "A secret is whsec_ and the Base64 of 24 to 64 bytes.", "密钥格式为 whsec_ 加 24 至 64 字节的 Base64。", Field: "secret");
}
