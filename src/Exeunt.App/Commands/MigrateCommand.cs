using Exeunt.App.Data;

namespace Exeunt.App.Commands;

/// <summary><c>exeunt migrate</c>: the schema, without starting the server.</summary>
internal static class MigrateCommand
{
    public const string Help = """
        exeunt migrate

        Brings the database to this version's schema, as every start does. A failed migration leaves the old database as it
        was; a database made by a newer version is refused.
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (Arguments.Parse(args).Words is [var word, ..])
            throw new UsageException($"migrate does not know what to do with \"{word}\".");
        await using var storage = await Storage.Open(options, ct);
        await error.WriteLineAsync("The database has this version's schema.");
        return 0;
    }
}
