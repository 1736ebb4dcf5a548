using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Exeunt.App.Features.Staff;

/// <summary>A sign-in of the demo, as the server prints it.</summary>
public sealed record DemoSignIn(Role Role, string Mail, string Password, string Name);

/// <summary>
/// The people of the demo company, at least one per role. Their passwords are random per data folder: derived from a secret of
/// the key store, so that every start can print them though only their hashes are stored.
/// </summary>
public sealed class DemoPeople(AppDb db, StaffDb staff, UserManager<StaffMember> users, KeyStore keys)
{
    private const string Branch = "EAST";

    private static readonly (string Mail, Role Role, string English, string Chinese)[] Everybody =
    [
        ("agent", Role.Agent, "Lin Yue", "林悦"),
        ("agent2", Role.Agent, "Tom Baker", "汤博"),
        ("account-manager", Role.AccountManager, "Chen Hao", "陈浩"),
        ("supervisor", Role.Supervisor, "Zhou Min", "周敏"),
        ("branch-head", Role.BranchHead, "Margaret Hill", "何敏慧"),
        ("marketing", Role.Marketing, "Sun Jia", "孙佳"),
        ("technical", Role.Technical, "Wu Lei", "吴磊"),
        ("finance", Role.Finance, "Zhao Qian", "赵倩"),
        ("finance2", Role.Finance, "Peter Stone", "石培德"),
        ("legal", Role.Legal, "Xu Wen", "徐雯"),
        ("data-officer", Role.DataOfficer, "Anna Weber", "魏安娜"),
        ("analyst", Role.Analyst, "Gao Yuan", "高远"),
        ("trainer", Role.Trainer, "Ma Li", "马莉"),
        ("auditor", Role.Auditor, "Helen Cross", "柯海伦"),
        ("administrator", Role.Administrator, "Liu Yang", "刘洋"),
    ];

    private static readonly Role[] OfABranch = [Role.AccountManager, Role.BranchHead];

    /// <summary>Makes the people who are missing; nobody is added to a company that has people of its own only.</summary>
    public async Task Ensure(CancellationToken ct)
    {
        var present = await staff.Users.AsNoTracking().Select(m => new { m.Email, m.IsDemo }).ToListAsync(ct);
        if (present.Count > 0 && !present.Any(m => m.IsDemo))
            return;
        var missing = Everybody.Where(p => present.All(m => m.Email != MailOf(p.Mail))).ToList();
        if (missing.Count == 0)
            return;
        var root = await Units.RootUnit.Ensure(db, new Call(Actor.System, staff.Time.GetUtcNow(), staff.Time.GetUtcNow()), ct);
        var branch = await db.Units.AsNoTracking().SingleOrDefaultAsync(u => u.Code == Branch, ct) ?? root;
        var secret = await Secret(ct);
        // Eighty random bits need no slow hash, and fifteen slow ones would delay the first start.
        var hasher = new PasswordHasher<StaffMember>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 }));
        foreach (var (mail, role, english, chinese) in missing)
        {
            var member = new StaffMember
            {
                Id = Guid.CreateVersion7(), UserName = MailOf(mail), Email = MailOf(mail), EmailConfirmed = true,
                DisplayName = $"{chinese} {english}", IsDemo = true, Language = "zh",
            };
            member.PasswordHash = hasher.HashPassword(member, PasswordOf(secret, mail));
            staff.Roles.Add(new StaffRole { StaffId = member.Id, Role = role, UnitId = (OfABranch.Contains(role) ? branch : root).Id });
            var made = await users.CreateAsync(member);
            if (!made.Succeeded)
                throw new InvalidOperationException(string.Join("; ", made.Errors.Select(e => e.Code)));
        }
    }

    /// <summary>The sign-ins that work, one line per person, by role.</summary>
    public async Task<IReadOnlyList<DemoSignIn>> SignIns(CancellationToken ct)
    {
        var secret = await Secret(ct);
        var names = await staff.Users.AsNoTracking().Where(m => m.IsDemo && !m.IsDisabled).ToDictionaryAsync(m => m.Email!, m => m.DisplayName, ct);
        return [.. Everybody.Where(p => names.ContainsKey(MailOf(p.Mail))).Select(p => new DemoSignIn(p.Role, MailOf(p.Mail), PasswordOf(secret, p.Mail), names[MailOf(p.Mail)]))];
    }

    /// <summary>Whether anybody in this database was made for the demo.</summary>
    public Task<bool> AreHere(CancellationToken ct) => staff.Users.AsNoTracking().AnyAsync(m => m.IsDemo, ct);

    /// <summary>Whether there is anybody at all.</summary>
    public Task<bool> AnybodyIsHere(CancellationToken ct) => staff.Users.AsNoTracking().AnyAsync(ct);

    private Task<byte[]> Secret(CancellationToken ct) => keys.Secret("demo-passwords", () => RandomNumberGenerator.GetBytes(32), ct);

    private static string MailOf(string name) => name + "@demo.example";

    /// <summary>Sixteen letters and digits without look-alikes, in groups of four: 80 bits.</summary>
    private static string PasswordOf(byte[] secret, string mail)
    {
        const string letters = "abcdefghjkmnpqrstuvwxyz23456789z";
        var bytes = HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(mail));
        return string.Join('-', bytes.Take(16).Select(b => letters[b & 31]).Chunk(4).Select(c => new string(c)));
    }
}
