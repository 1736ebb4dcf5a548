using System.Text;
using System.Text.Json;
using Exeunt.App.Tests.Imports;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Faults;

/// <summary>
/// Good files with random damage: bytes flipped, cut, doubled, swapped for hostile ones. Whatever comes of it, the answer is typed: a file is refused
/// as a whole with its place and nothing of it goes in, or each row goes in or is refused with line and code, and the sums agree.
/// </summary>
public sealed class MutatedImportTests
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(9);

    private static readonly (string Noun, string[] Lines)[] Good =
    [
        ("customers", ["customer,name,kind,mail,phone", "CRM-1,王芳,person,wang@world.example,13900000001", "CRM-2,\"Lee, Ann\",person,ann@world.example,", "CRM-3,某某有限公司,company,,021-5555"]),
        ("invoices", ["customer,document,date,amount,currency", "CRM-1,D1,2024-01-05,1.00,CNY", "CRM-1,D1,2024-01-05,2.50,CNY", "CRM-2,D2,2024-02-29,-3.00,CNY", "CRM-4,D3,2025-12-31,99999.99,CNY"]),
        ("contracts", ["customer,contract,product,start_on,term_months,monthly_fee,deposit", "CRM-1,HT-1,GYM,2024-03-10,24,99.00,100.00", "CRM-2,HT-2,GYM,2024-02-29,12,0.00,", "CRM-9,HT-3,GYM,2024-03-10,24,1.00,"]),
    ];

    private static readonly string[] Hostile =
        ["\0", "\"", ",", "\n", "\r", "\uFEFF", "\u202E", "=1+1", "'", "-", "99999999999999999999", "0000-00-00", "2024-02-30", "1e308", "NaN", "\t", "𠮷", "\u0000\u0000", "\"\"\"", "<script>", ";", "CNY,CNY", "1.005", "١٢", "9".PadLeft(400, '9')];

    [Fact]
    public async Task Answers_every_damaged_file_in_its_own_words()
    {
        await using var app = await Installation.On("sqlite");
        foreach (var (noun, lines) in Good)
            (await app.Import(noun, app.File(lines))).Exit.ShouldBeOneOf(0, 2);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var (files, refused, partly) = (0, 0, 0);
        for (; files < 1000 && watch.Elapsed < Budget; files++)
        {
            var (noun, lines) = Good[random.Next(Good.Length)];
            var bytes = Damage(Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"), random);
            var what = $"seed {seed}, file {files} ({noun}): {Convert.ToBase64String(bytes)}";
            var before = await Counts(app);
            var (exit, output, error) = await Try(app, noun, bytes, what);
            exit.ShouldBeOneOf([0, 1, 2], what);
            using var json = JsonDocument.Parse(output);
            if (exit == 1)
            {
                refused++;
                json.RootElement.GetProperty("code").GetString().ShouldNotBeNullOrEmpty(what);
                error.ShouldContain("import.", Case.Sensitive, what);
                (await Counts(app)).ShouldBe(before, what);
                continue;
            }
            int Of(string name) => json.RootElement.GetProperty(name).GetInt32();
            (Of("added") + Of("changed") + Of("unchanged") + Of("refused")).ShouldBe(Of("read"), what);
            (Of("refused") > 0).ShouldBe(exit == 2, what);
            partly += exit == 2 ? 1 : 0;
            foreach (var row in json.RootElement.GetProperty("refusals").EnumerateArray())
            {
                row.GetProperty("code").GetString().ShouldNotBeNullOrEmpty(what);
                row.GetProperty("line").GetInt64().ShouldBeGreaterThan(1, what);
            }
        }
        files.ShouldBeGreaterThan(5);
        (refused + partly).ShouldBeGreaterThan(0, "no damage was noticed at all");
    }

    private static async Task<(int Exit, string Output, string Error)> Try(Installation app, string noun, byte[] bytes, string what)
    {
        try
        {
            return await app.Import(noun, app.FileOf(bytes), "--json");
        }
#pragma warning disable CA1031 // Whatever is thrown is the finding.
        catch (Exception e)
#pragma warning restore CA1031
        {
            throw new InvalidOperationException($"{what}: {e}");
        }
    }

    private static Task<(int, int, int)> Counts(Installation app) =>
        app.With(async (_, db) => (await db.Customers.CountAsync(), await db.Contracts.CountAsync(), await db.Facts.CountAsync()));

    private static byte[] Damage(byte[] file, Random random)
    {
        var bytes = file.ToList();
        for (var times = random.Next(1, 4); times > 0 && bytes.Count > 0; times--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(7))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(30, bytes.Count - at) + 1));
                    break;
                case 2:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, random.Next(1, Math.Min(60, bytes.Count - at) + 1)));
                    break;
                case 4:
                    bytes[at] = (byte)random.Next(256);
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Hostile[random.Next(Hostile.Length)]));
                    break;
            }
        }
        return [.. bytes];
    }
}
