using Exeunt.App.Features.Policies;
using Exeunt.Core.Policies;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Policies;

/// <summary><c>exeunt policy</c>: documents in and out; check and schema without a database.</summary>
public sealed class PolicyCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-policy-").FullName;

    [Fact]
    public async Task Checks_a_document_and_prints_the_schema_without_a_database()
    {
        var good = await FileOf(PolicyDocument.Write(GeneralPolicy.Document with { Scope = new PolicyScope(["XX"]) }));
        var broken = await FileOf("{\n  \"number\": \"JY-02\",\n  \"versoin\": 1\n}");

        (await Run("policy", "check", good)).Code.ShouldBe(0);
        var (code, output, error) = await Run("policy", "check", broken);
        code.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldContain($"{broken}:3:3: versoin: policy.unknown-name:");
        (await Run("policy", "check", Path.Combine(_folder, "none.json"))).Error.ShouldContain("no such file");
        (await Run("policy", "schema")).Output.ShouldBe(PolicySchema.Json + "\n");
        (await Run("policy", "chekc", good)).Error.ShouldContain("Did you mean check?");
        Directory.Exists(Path.Combine(_folder, "data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Imports_and_exports_documents()
    {
        var policy = GeneralPolicy.Document with { Number = "JY-02", TitleEnglish = "Broadband" };
        var file = await FileOf(PolicyDocument.Write(policy));

        (await Run("policy", "import", file)).Output.ShouldBe("JY-02 version 1: draft\n");
        (await Run("policy", "import", file)).Error.ShouldContain("still being written");
        (await Run("policy", "list")).Output.ShouldContain("JY-02           1  Draft");
        (await Run("policy", "list", "--json")).Output.ShouldContain("\"standing\": \"InForce\"");
        (await Run("policy", "export", "JY-02", "1")).Output.ShouldBe(PolicyDocument.Write(policy) + "\n");
        var copy = Path.Combine(_folder, "copy.json");
        (await Run("policy", "export", "JY-02", "1", "--to", copy)).Code.ShouldBe(0);
        PolicyDocument.Read(await File.ReadAllTextAsync(copy)).Policy!.ToJson().ShouldBe(policy.ToJson());
        (await Run("policy", "show", "JY-01", "1")).Output.ShouldContain("The deposit goes back in full.");
        (await Run("policy", "show", "JY-01", "7")).Code.ShouldBe(1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> FileOf(string text)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private async Task<(int Code, string Output, string Error)> Run(params string[] line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Cli.Run([.. line, "--data", Path.Combine(_folder, "data"), "--master-key", Path.Combine(_folder, "key")], output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
