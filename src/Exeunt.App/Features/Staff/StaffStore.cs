using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Platform;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>
/// Identity's store with one difference: authenticator keys and recovery codes are sealed with a key of the key store, so that
/// a copy of the database does not hold anybody's second factor.
/// </summary>
public sealed class StaffStore(StaffDb db, KeyStore keys, IdentityErrorDescriber describer) : UserOnlyStore<StaffMember, StaffDb, Guid>(db, describer)
{
    public override async Task SetTokenAsync(StaffMember user, string loginProvider, string name, string? value, CancellationToken cancellationToken)
    {
        var key = await Key(cancellationToken);
        var blob = value is null ? null : Convert.ToBase64String(Vault.Encrypt(key, Encoding.UTF8.GetBytes(value), About(user, loginProvider, name)));
        await base.SetTokenAsync(user, loginProvider, name, blob, cancellationToken);
    }

    public override async Task<string?> GetTokenAsync(StaffMember user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        if (await base.GetTokenAsync(user, loginProvider, name, cancellationToken) is not { } blob)
            return null;
        return Encoding.UTF8.GetString(Vault.Decrypt(await Key(cancellationToken), Convert.FromBase64String(blob), About(user, loginProvider, name)));
    }

    private Task<byte[]> Key(CancellationToken ct) => keys.Secret("staff-key", () => RandomNumberGenerator.GetBytes(32), ct);

    private static string About(StaffMember user, string provider, string name) => $"staff|{user.Id:N}|{provider}|{name}";
}
