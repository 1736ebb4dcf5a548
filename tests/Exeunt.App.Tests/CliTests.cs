using Shouldly;
using Xunit;

namespace Exeunt.App.Tests;

/// <summary>The command line: results on stdout, messages on stderr, and what a mistake is answered with.</summary>
public sealed class CliTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exeunt-cli-").FullName;

    [Theory]
    [InlineData("sreve", "Did you mean serve?")]
    [InlineData("user lsit", "Did you mean list?")]
    [InlineData("user add a@b.example --rolle Agent --unit HQ", "Did you mean --role?")]
    [InlineData("user add a@b.example --role agnt --unit HQ", "Did you mean Agent?")]
    [InlineData("--prot 3", "Did you mean --port?")]
    [InlineData("serve --port x", "a number from 0 to 65535")]
    [InlineData("serve --bind 0.0.0.0", "--no-demo")]
    public async Task Says_what_is_wrong_and_what_is_near(string line, string message)
    {
        var (code, output, error) = await Run(line);

        code.ShouldBe(1);
        output.ShouldBeEmpty();
        error.ShouldContain(message);
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty("a mistake makes no data folder");
    }

    [Theory]
    [InlineData("backup||--data|{0}", "An argument is empty.")]
    [InlineData("drill||--data|{0}", "An argument is empty.")]
    [InlineData("restore||--data|{0}", "An argument is empty.")]
    [InlineData("keys|share||--data|{0}", "An argument is empty.")]
    [InlineData("user|list|--data|", "--data needs a value.")]
    [InlineData("version|--data=", "--data needs a value.")]
    [InlineData("user|list|--data|{0}|--master-key=", "--master-key needs a value.")]
    [InlineData("user|list|--data|{0}|--keys-copy=", "--keys-copy needs a value.")]
    [InlineData("user|list|--data|{0}|--world=", "--world needs a value.")]
    [InlineData("user|list|--data|{0}|--database|postgres://user:PASSWORD@host/db", "--database: a connection string of PostgreSQL is expected")]
    [InlineData("user|list|--data|{0}|--database|postgres://user:PASSWORD@host/db?sslmode=require", "--database: a connection string of PostgreSQL is expected")]
    [InlineData("user|list|--data|{0}|--database|Host=db;Database=exeunt;Port=PASSWORD", "--database: a connection string of PostgreSQL is expected")]
    [InlineData("user|list|--data|{0}|--database|Host=db;Password=PASSWORD", "--database: a connection string of PostgreSQL is expected")]
    public async Task What_is_empty_or_of_no_form_is_refused_in_a_sentence_that_repeats_no_password(string line, string message)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();

        var code = await Cli.Run([.. line.Split('|').Select(w => w.Replace("{0}", Path.Combine(_folder, "data"), StringComparison.Ordinal))], output, error, CancellationToken.None);

        code.ShouldBe(1);
        output.ToString().ShouldBeEmpty();
        error.ToString().ShouldContain(message);
        error.ToString().ShouldNotContain("PASSWORD", Case.Sensitive);
        error.ToString().Trim().ShouldNotContain("\n");
        Directory.EnumerateFileSystemEntries(_folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task Makes_the_first_administrator_in_an_empty_folder()
    {
        var (code, link, error) = await Run("user add boss@company.example --role administrator --unit HQ --public-url https://exit.company.example");

        code.ShouldBe(0, error);
        link.Trim().ShouldMatch("^https://exit.company.example/welcome/[A-Za-z0-9_-]{22}$");
        (await Run("unit add EAST --parent HQ --zh 华东 --en East --kind Subsidiary")).Code.ShouldBe(0);
        (await Run("unit list")).Output.ShouldContain("华东 / East");
        (await Run("user add boss@company.example --role agent --unit EAST")).Error.ShouldContain("already");
        (await Run("user list")).Output.ShouldContain("invited");
        (await Run("clock advance 3 --json")).Output.ShouldContain("\"isMoving\": false");
    }

    [Fact]
    public async Task Lists_every_command_and_explains_each()
    {
        var list = (await Run("--help")).Output;
        list.ShouldContain("user");
        (await Run("user --help")).Output.ShouldContain("DataOfficer");
        (await Run("help clock")).Output.ShouldContain("advance DAYS");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<(int Code, string Output, string Error)> Run(string line)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Cli.Run([.. line.Split(' '), "--data", Path.Combine(_folder, "data"), "--master-key", Path.Combine(_folder, "key")], output, error, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }
}
