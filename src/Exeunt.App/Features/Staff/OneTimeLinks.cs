using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Staff;

/// <summary>A link with which a person sets a password: <paramref name="Path"/> on this server, until <paramref name="ExpiresAt"/>.</summary>
public sealed record Invitation(Guid StaffId, string Mail, string Path, DateTimeOffset ExpiresAt);

/// <summary>One-time links: 128 random bits, stored hashed, one per person, valid for 24 hours of real time.</summary>
public sealed class OneTimeLinks(StaffDb staff, TimeProvider time)
{
    private static readonly TimeSpan Valid = TimeSpan.FromHours(24);
    private const string Provider = "exeunt";
    private const string Name = "welcome";

    /// <summary>Stages a new link for a person; an older one stops working.</summary>
    public async Task<Invitation> Issue(StaffMember member, CancellationToken ct)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        var expires = time.GetUtcNow() + Valid;
        var value = $"{Hash(token)}.{expires.ToUnixTimeMilliseconds()}";
        if (await staff.UserTokens.FindAsync([member.Id, Provider, Name], ct) is { } row)
            row.Value = value;
        else
            staff.UserTokens.Add(new IdentityUserToken<Guid> { UserId = member.Id, LoginProvider = Provider, Name = Name, Value = value });
        return new Invitation(member.Id, member.Email!, $"/welcome/{token}", expires);
    }

    /// <summary>The person a link belongs to; null when it is unknown, used, expired, or its person disabled.</summary>
    public async Task<StaffMember?> Find(string token, CancellationToken ct)
    {
        var prefix = Hash(token) + ".";
        var row = await staff.UserTokens.AsNoTracking()
            .SingleOrDefaultAsync(t => t.LoginProvider == Provider && t.Name == Name && t.Value!.StartsWith(prefix), ct);
        if (row is null || long.Parse(row.Value![prefix.Length..], CultureInfo.InvariantCulture) < time.GetUtcNow().ToUnixTimeMilliseconds())
            return null;
        return await staff.Users.SingleOrDefaultAsync(m => m.Id == row.UserId && !m.IsDisabled, ct);
    }

    /// <summary>Stages the end of a person's link.</summary>
    public async Task End(StaffMember member, CancellationToken ct)
    {
        if (await staff.UserTokens.FindAsync([member.Id, Provider, Name], ct) is { } row)
            staff.UserTokens.Remove(row);
    }

    private static string Hash(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
