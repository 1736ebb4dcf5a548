using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Exeunt.App.Commands;
using Exeunt.App.Data;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Backup;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Keys;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Packs;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Standards;
using Exeunt.App.Features.Today;
using Npgsql;

namespace Exeunt.App;

/// <summary>One command: <paramref name="Run"/> gets what follows its name, without the options every command understands.</summary>
/// <param name="Summary">One line for the list.</param>
/// <param name="Help">Usage and details, for <c>COMMAND --help</c>.</param>
public sealed record Command(
    string Name,
    string Summary,
    string Help,
    Func<string[], HostOptions, TextWriter, TextWriter, CancellationToken, Task<int>> Run
);

/// <summary>The command line: <c>exeunt COMMAND [options]</c>. Results go to stdout, messages to stderr; 0 = all done, 2 = done with refused rows, 1 = failed.</summary>
public static class Cli
{
    /// <summary>Every command, in the order of the help. A new one is one line.</summary>
    private static readonly Command[] Commands =
    [
        new("serve", "start the server (what happens without a command)", ServeCommand.Help, ServeCommand.Run),
        new("user", "add, list, disable, enable people; reset a sign-in", UserCommand.Help, UserCommand.Run),
        new("unit", "add and list units of the company", UnitCommand.Help, UnitCommand.Run),
        new("import", "read customers, contacts, contracts, invoices or complaints from a file", ImportCommand.Help, ImportCommand.Run),
        new("evaluate", "every customer's indicators and churn state as of a date", EvaluateCommand.Help, EvaluateCommand.Run),
        new("backtest", "replay a standard month by month over history", BacktestCommand.Help, BacktestCommand.Run),
        new("months", "rebuild or check the packed months", MonthsCommand.Help, MonthsCommand.Run),
        new("waits", "work out again, or check, what cases wait for", WaitsCommand.Help, WaitsCommand.Run),
        new("step-times", "work out again, or check, how long the steps of cases were open", StepTimesCommand.Help, StepTimesCommand.Run),
        new("rules", "list, show, import rule packs; check a policy against the law", RulesCommand.Help, RulesCommand.Run),
        new("policy", "list, export, import and check termination policies", PolicyCommand.Help, PolicyCommand.Run),
        new("procedure", "list, export, import and check procedures of cases", ProcedureCommand.Help, ProcedureCommand.Run),
        new("pack", "list and install the packs of the trades", PackCommand.Help, PackCommand.Run),
        new("settle", "compute the settlement of a JSON document", SettleCommand.Help, SettleCommand.Run),
        new("formula", "compute single formulas, one JSON line each", FormulaCommand.Help, FormulaCommand.Run),
        new("audit", "verify an export of the audit log; print the public key", AuditCommand.Help, AuditCommand.Run),
        new("certificate", "verify a signed certificate offline", CertificateCommand.Help, CertificateCommand.Run),
        new("own-data", "verify a customer's data package offline", OwnDataCommand.Help, OwnDataCommand.Run),
        new("backup", "copy database and key store beside a running server", BackupCommand.Help, BackupCommand.Run),
        new("restore", "put a backup back, joined with the newest key store", RestoreCommand.Help, RestoreCommand.Run),
        new("drill", "try a backup by restoring it into a place that is thrown away", DrillCommand.Help, DrillCommand.Run),
        new("keys", "epochs of the master key, second copy of the key store", KeysCommand.Help, KeysCommand.Run),
        new("clock", "move the business date forward", ClockCommand.Help, ClockCommand.Run),
        new("migrate", "bring the database to this version's schema", MigrateCommand.Help, MigrateCommand.Run),
        new("version", "print the version", "exeunt version", Version),
        new("help", "this list, or the help of one command", "exeunt help [COMMAND]", Help),
    ];

    private const string Everywhere = """
        Every command understands:
          --data DIR             the data folder (default ./var)
          --database CONNECTION  a PostgreSQL connection string instead of the embedded database
          --master-key FILE      the key that opens the key store (default outside the data folder)
          --keys-copy FILE       the second copy of the key store (default beside the master key)
          --public-url URL       the address people use, for links (default http://localhost:PORT)
          --json                 print results as JSON
          --help                 the command's details
        """;

    public static async Task<int> Run(string[] args)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        return await Run(args, Console.Out, Console.Error, stop.Token);

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Runs one command; every failure that a person can do something about is a message, not a stack trace.</summary>
    public static async Task<int> Run(string[] args, TextWriter output, TextWriter error, CancellationToken ct)
    {
        try
        {
            var (options, rest) = ReadOptions(args);
            var help = rest.Remove("--help") | rest.Remove("-h");
            var name = rest.FirstOrDefault() is { } first && !first.StartsWith('-') ? first : null;
            if (name is null && help)
                return await Help([], options, output, error, ct);
            if (name is not null)
                rest.RemoveAt(0);
            var command = Find(name ?? "serve");
            if (!help)
                return await command.Run([.. rest], options, output, error, ct);
            await output.WriteLineAsync($"{command.Help}\n\n{Everywhere}");
            return 0;
        }
        catch (UsageException e)
        {
            await error.WriteLineAsync($"{e.Message} \"exeunt --help\" lists what there is.");
            return 1;
        }
        catch (Exception e) when (e is LockedException or NewerDatabaseException or InvalidDataException)
        {
            await error.WriteLineAsync(e.Message);
            return 1;
        }
        catch (Exception e) when (e is System.Data.Common.DbException or UnauthorizedAccessException or IOException or System.Security.Cryptography.CryptographicException or Microsoft.EntityFrameworkCore.DbUpdateException)
        {
            await error.WriteLineAsync(e is NpgsqlException ? $"PostgreSQL: {e.Message}" : e.Message);
            return 1;
        }
        catch (OutOfMemoryException)
        {
            await error.WriteLineAsync("There is not enough memory for this. A file may be far larger than what it should be. 内存不足，文件可能过大。");
            return 1;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            await error.WriteLineAsync("Stopped.");
            return 1;
        }
#pragma warning disable CA1031 // Nobody above answers it. Its message may hold what was typed, a password too.
        catch (Exception e)
#pragma warning restore CA1031
        {
            await error.WriteLineAsync($"This went wrong in a way that was not foreseen ({e.GetType().FullName}). 发生未预见的错误（{e.GetType().FullName}）。");
            return 1;
        }
    }

    /// <summary>An application that is built but does not listen, for commands: its services, without demo and worker.</summary>
    internal static Task<WebApplication> Open(HostOptions options, CancellationToken ct) =>
        ExeuntHost.Build(options with { Demo = false, Worker = false }, TimeProvider.System, ct);

    /// <summary>Writes a refusal as a person reads it; the command has failed.</summary>
    internal static async Task<int> Refuse(Core.Refusal refusal, TextWriter error)
    {
        await error.WriteLineAsync(refusal.English + (refusal.Field is { } field ? $" ({field})" : ""));
        return 1;
    }

    /// <summary>Whether files that were named are there; says which is not.</summary>
    internal static async Task<bool> AreThere(TextWriter error, params IEnumerable<string> files)
    {
        if (files.FirstOrDefault(f => !File.Exists(f)) is not { } missing)
            return true;
        await error.WriteLineAsync($"{missing}: no such file.");
        return false;
    }

    private static Command Find(string name) =>
        Commands.FirstOrDefault(c => c.Name == name)
        ?? throw new UsageException($"There is no command \"{name}\".{Nearest.Hint(name, Commands.Select(c => c.Name))}");

    private static async Task<int> Help(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (args.Length > 0)
        {
            await output.WriteLineAsync($"{Find(args[0]).Help}\n\n{Everywhere}");
            return 0;
        }
        await output.WriteLineAsync("exeunt COMMAND [options]\n");
        foreach (var command in Commands)
            await output.WriteLineAsync($"  {command.Name,-12} {command.Summary}");
        await output.WriteLineAsync($"\n{Everywhere}\n\n\"exeunt COMMAND --help\" tells the details of one.");
        return 0;
    }

    private static async Task<int> Version(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var version = typeof(Cli).Assembly.GetName().Version!.ToString(3);
        await output.WriteLineAsync(options.Json ? $$"""{"version":"{{version}}"}""" : $"Exeunt {version}");
        return 0;
    }

    /// <summary>Takes the options of the installation out of the arguments, wherever they stand.</summary>
    private static (HostOptions Options, List<string> Others) ReadOptions(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var rest = new List<string>();
        var (json, demo) = (false, true);
        for (var i = 0; i < args.Length; i++)
        {
            var (name, inline) = Arguments.Split(args[i]);
            if (name == "--json")
                json = true;
            else if (name == "--no-demo")
                demo = false;
            else if (!WithValue.Contains(name))
                rest.Add(args[i]);
            else if ((inline ?? (i + 1 < args.Length ? args[++i] : "")) is { Length: > 0 } value)
                values[name] = value;
            else
                throw new UsageException($"{name} needs a value.");
        }
        var options = HostOptions.For(values.GetValueOrDefault("--data", "./var"));
        return (options with
        {
            Database = values.TryGetValue("--database", out var database) ? Database(database) : null,
            MasterKey = Path(values.GetValueOrDefault("--master-key")),
            Port = values.TryGetValue("--port", out var port) ? Port(port) : options.Port,
            Bind = values.TryGetValue("--bind", out var bind) ? Address(bind) : options.Bind,
            Demo = demo,
            Smtp = values.TryGetValue("--smtp", out var smtp) ? Smtp(smtp) : null,
            MailFrom = values.GetValueOrDefault("--mail-from", options.MailFrom),
            PublicUrl = values.TryGetValue("--public-url", out var url) ? Url(url) : null,
            World = Path(values.GetValueOrDefault("--world")) ?? options.World,
            KeysCopy = Path(values.GetValueOrDefault("--keys-copy")),
            KeyEpochDays = values.TryGetValue("--key-epoch-days", out var days) ? Days(days) : options.KeyEpochDays,
            AuditBucket = values.TryGetValue("--audit-bucket", out var bucket) ? Bucket(bucket, values.GetValueOrDefault("--audit-bucket-url")) : null,
            Backups = Path(values.GetValueOrDefault("--backups")),
            DemoInvoices = Path(values.GetValueOrDefault("--demo-data")),
            Json = json,
        }, rest);
    }

    /// <summary>Options that every command takes, for the hint after a typing error.</summary>
    internal static IEnumerable<string> Options => [.. WithValue, "--json", "--no-demo", "--help"];

    private static readonly HashSet<string> WithValue = new(StringComparer.Ordinal)
    {
        "--data", "--database", "--master-key", "--port", "--bind", "--smtp", "--mail-from", "--mail-in", "--mail-server", "--public-url", "--world", "--demo-data", "--keys-copy", "--key-epoch-days", "--backups", "--audit-bucket", "--audit-bucket-url",
    };

    /// <summary>Read once here, where what is wrong with it can be said without repeating it: it may hold a password.</summary>
    private static string Database(string text)
    {
        try
        {
            if (new NpgsqlConnectionStringBuilder(text) is { Host.Length: > 0, Database.Length: > 0 })
                return text;
        }
#pragma warning disable CA1031 // Each wrong value has an exception of its own.
        catch (Exception e) when (e is not OutOfMemoryException)
#pragma warning restore CA1031
        {
            // The same as one in which something is missing.
        }
        throw new UsageException("--database: a connection string of PostgreSQL is expected, as \"Host=db;Database=exeunt;Username=exeunt;Password=…\"; an address postgres://… is none.");
    }

    private static string? Path(string? file) => file is null ? null : System.IO.Path.GetFullPath(file);

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535
            ? port
            : throw new UsageException($"--port {text}: a number from 0 to 65535 is expected (0 takes any free one).");

    private static int Days(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var days) && days <= 365
            ? days
            : throw new UsageException($"--key-epoch-days {text}: a number of days from 1 to 365 is expected (0: master keys are never changed).");

    private static Features.AuditLog.AuditBucket Bucket(string text, string? url) =>
        Features.AuditLog.AuditBucket.Parse(text, url is null ? null : Url(url, "--audit-bucket-url"))
        ?? throw new UsageException($"--audit-bucket {text}: s3://BUCKET or s3://BUCKET/PREFIX is expected.");

    private static string Address(string text) =>
        text == "localhost" || IPAddress.TryParse(text, out _)
            ? text
            : throw new UsageException($"--bind {text}: an IP address of this machine is expected, as 127.0.0.1 or 0.0.0.0.");

    private static string Smtp(string text) =>
        text.Split(':') is [{ Length: > 0 }, var port] && int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? text
            : throw new UsageException($"--smtp {text}: HOST:PORT is expected, as mail.example.com:587.");

    private static string Url(string text, string option = "--public-url") =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme is "http" or "https")
            ? text
            : throw new UsageException($"{option} {text}: an address as https://exeunt.example.com is expected.");
}
