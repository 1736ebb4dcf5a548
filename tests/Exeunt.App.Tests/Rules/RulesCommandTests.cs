using Exeunt.App.Features.Policies;
using Exeunt.Core.Calendar;
using Exeunt.Core.Policies;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Rules;

public sealed class RulesCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-rules-").FullName;

    [Fact]
    public async Task Checks_a_policy_without_a_database()
    {
        var policy = Write("policy.json", (GeneralPolicy.Document with { Scope = new(["DE"], Party.Consumer), Notice = NoticePeriod.OfDays(42) }).ToJson());
        var (code, output, error) = await Run("rules", "check", policy, "--on", "2026-12-01");
        code.ShouldBe(2);
        output.ShouldStartWith("refused DE-309-9 (BGB § 309 Nr. 9) notice:");
        error.ShouldContain("Checked against EU 2, DE 2 on 2026-12-01: 1 refused, 0 warnings.");
        Directory.Exists(Path.Combine(_folder, "data")).ShouldBeFalse();

        var relaxed = Germany.Pack with { Version = 3, Rules = [.. Germany.Pack.Rules.Select(r => r with { Limits = [] })] };
        (await Run("rules", "check", policy, "--on", "2026-12-01", "--pack", Write("de-2.json", relaxed.ToJson()))).Code.ShouldBe(0);
        (await Run("rules", "check", Write("bad.json", "{}"))).Code.ShouldBe(1);
    }

    [Fact]
    public async Task Lists_shows_and_takes_packs()
    {
        (await Run("rules", "list")).Output.ShouldContain("DE 2");
        var shown = await Run("rules", "show", "DE");
        shown.Output.TrimEnd().ShouldBe(Germany.Pack.ToJson());
        var next = Germany.Pack with { Version = 3, IssuedOn = new(2100, 1, 1) };
        var imported = await Run("rules", "import", Write("de-3.json", next.ToJson()));
        imported.Code.ShouldBe(0, imported.Error);
        imported.Output.Trim().ShouldBe("DE 3");
        (await Run("rules", "show", "DE", "--version", "2")).Output.TrimEnd().ShouldBe(Germany.Pack.ToJson());
        (await Run("rules", "import", Write("de-9.json", (next with { Version = 9 }).ToJson()))).Error.ShouldContain("The next version for DE is 4.");
        (await Run("rules", "lsit")).Error.ShouldContain("Did you mean list?");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Cli.Run([.. args, "--data", Path.Combine(_folder, "data"), "--master-key", Path.Combine(_folder, "master.key")], output, error, default);
        return (code, output.ToString(), error.ToString());
    }
}
