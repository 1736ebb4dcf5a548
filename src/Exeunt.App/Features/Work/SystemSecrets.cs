using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Work;

namespace Exeunt.App.Features.Work;

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
