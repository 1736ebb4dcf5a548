using System.Threading.RateLimiting;
using System.Xml.Linq;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Identity;

namespace Exeunt.App.Platform;

/// <summary>Sign-in, cookies, rate limits.</summary>
public static class Security
{
    public const string IntakeLimit = "intake";
    public const string SignInLimit = "sign-in";
    public const string FormulaLimit = "formula";
    public const string CallbackLimit = "callback";

    public static void Add(IServiceCollection services, Storage storage)
    {
        services.AddDataProtection().SetApplicationName("exeunt");
        services.AddOptions<KeyManagementOptions>().Configure(o => o.XmlRepository = new RingFolder(Path.Combine(storage.Options.Data, "cookie-keys")));
        services.AddIdentityCore<StaffMember>(o =>
            {
                o.Password.RequiredLength = 12;
                o.Password.RequireNonAlphanumeric = false;
                o.Password.RequireUppercase = false;
                o.Password.RequireDigit = false;
                o.Password.RequireLowercase = false;
                o.User.RequireUniqueEmail = true;
                o.Lockout.MaxFailedAccessAttempts = 8;
                o.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(15);
            })
            .AddUserStore<StaffStore>()
            .AddSignInManager()
            .AddDefaultTokenProviders();
        services.Configure<PasswordHasherOptions>(o => o.IterationCount = 210_000);
        services.AddAuthentication(o =>
            {
                o.DefaultScheme = "exeunt";
                o.DefaultChallengeScheme = IdentityConstants.ApplicationScheme;
            })
            .AddPolicyScheme("exeunt", null, o => o.ForwardDefaultSelector = context =>
                // The API takes bearer tokens only: a cookie there would invite forged requests.
                context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal) ? IdentityConstants.BearerScheme : IdentityConstants.ApplicationScheme)
            .AddBearerToken(IdentityConstants.BearerScheme, o => o.BearerTokenExpiration = TimeSpan.FromHours(8))
            .AddIdentityCookies(o => o.ApplicationCookie!.Configure(c =>
            {
                c.Cookie.Name = "exeunt.staff";
                c.Cookie.SameSite = SameSiteMode.Lax;
                c.ExpireTimeSpan = TimeSpan.FromHours(12);
                c.LoginPath = "/sign-in";
            }));
        services.AddAuthorization();
        var slack = Environment.GetEnvironmentVariable("EXEUNT_RATE_SLACK") is { } text && int.TryParse(text, out var n) ? Math.Clamp(n, 1, 10_000) : 1;
        services.AddRateLimiter(o =>
        {
            o.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
            o.OnRejected = (context, _) =>
            {
                context.HttpContext.Response.Headers.RetryAfter = "60";
                return ValueTask.CompletedTask;
            };
            o.AddPolicy(IntakeLimit, context => Window(context, "intake", 60 * slack));
            o.AddPolicy(FormulaLimit, context => Window(context, "formula", 600 * slack));
            o.AddPolicy(CallbackLimit, context => Window(context, "callback", 600 * slack));
            o.AddPolicy(SignInLimit, context => Window(context, "sign-in", 20 * slack));
        });
    }

    private static RateLimitPartition<string> Window(HttpContext context, string name, int perMinute) =>
        RateLimitPartition.GetFixedWindowLimiter($"{name}|{context.Connection.RemoteIpAddress}", _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = perMinute,
            Window = TimeSpan.FromMinutes(1),
        });

    /// <summary>The cookie ring: losing it only signs everybody out.</summary>
    private sealed class RingFolder(string folder) : IXmlRepository
    {
        public IReadOnlyCollection<XElement> GetAllElements() =>
            Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.xml").Select(f => XElement.Load(f))] : [];

        public void StoreElement(XElement element, string friendlyName)
        {
            Directory.CreateDirectory(folder);
            // Whole or not at all: half a file would keep the server from starting.
            Whole.Write(Path.Combine(folder, friendlyName + ".xml"), System.Text.Encoding.UTF8.GetBytes(element.ToString()), CancellationToken.None).GetAwaiter().GetResult();
        }
    }
}
