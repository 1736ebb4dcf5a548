using Exeunt.Core.Procedures;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Procedures;

/// <summary><c>exeunt procedure</c>: documents in and out; check and schema without a database.</summary>
public sealed class ProcedureCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-procedure-").FullName;

    [Fact]
    public async Task Checks_a_document_and_prints_the_schema_without_a_database()
    {
        var general = GeneralProcedures.Termination;
        var good = await FileOf(ProcedureDocument.Write(general));
        var broken = await FileOf("{\n  \"id\": \"own\",\n  \"versoin\": 1\n}");
        var unsound = await FileOf(ProcedureDocument.Write(general with { Steps = [.. general.Steps.Select(s => s.Id == "talk" ? s with { After = ["offer"] } : s)] }));
        var german = await FileOf(ProcedureDocument.Write(general with { Hours = general.Hours with { Place = "DE" } }));

        (await Run("procedure", "check", good)).ShouldBe((0, "", ""));
        var (code, output, error) = await Run("procedure", "check", broken);
        (code, output).ShouldBe((1, ""));
        error.ShouldContain($"{broken}:3:3: versoin: procedure.unknown-name:");
        (code, output, _) = await Run("procedure", "check", unsound);
        code.ShouldBe(1);
        output.ShouldContain("unsound steps[1].after: procedure.unreachable: Talk is never reached");
        (await Run("procedure", "check", german)).Output.ShouldContain("procedure.offer-forbidden");
        (await Run("procedure", "schema")).Output.ShouldBe(ProcedureSchema.Json + "\n");
        Directory.Exists(Path.Combine(_folder, "data")).ShouldBeFalse();
    }

    [Fact]
    public async Task Imports_and_exports_documents()
    {
        var own = GeneralProcedures.Termination with { Id = "own", Name = new("Our own", "自定流程") };
        var file = await FileOf(ProcedureDocument.Write(own));
        (await Run("procedure", "import", file)).Output.ShouldBe("own version 1: draft\n");
        (await Run("procedure", "import", file)).Error.ShouldContain("still being written");
        (await Run("procedure", "list")).Output.ShouldContain("general-termination         2  InForce");
        (await Run("procedure", "export", "own", "1")).Output.ShouldBe(ProcedureDocument.Write(own with { Version = 1 }) + "\n");
        (await Run("procedure", "show", "general-offboarding", "1")).Output.ShouldContain("due in 45 working hours");
        (await Run("procedure", "show", "own", "7")).Code.ShouldBe(1);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<string> FileOf(string text)
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        await File.WriteAllTextAsync(file, text);
        return file;
    }

    private async Task<(int Code, string Output, string Error)> Run(params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var code = await Cli.Run([.. args, "--data", Path.Combine(_folder, "data"), "--master-key", Path.Combine(_folder, "master.key")], output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
