using System.Diagnostics;
using System.Globalization;
using System.Text;
using Exeunt.App;
using Exeunt.App.Features.Imports;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.Bench;

/// <summary>
/// Imports against what the database can do at best: two million invoices, keys and months included, against the same rows by
/// <c>.import</c> or <c>COPY</c> into a table with the same unique key; customers with sealed contacts and search tokens.
/// </summary>
internal static class ImportBench
{
    private const int Customers = 100_000;

    private const int Invoices = 2_000_000;

    public static Task<IReadOnlyList<Row>> Run() => OnBoth.Run(Run);

    private static async Task<IReadOnlyList<Row>> Run(string name, HostOptions options, string folder)
    {
        var postgres = options.Database;
        var customerFile = Path.Combine(folder, "customers.csv");
        WriteCustomers(customerFile);
        var customers = await Import(options, "customers", customerFile);
        var invoiceFile = Path.Combine(folder, "invoices.csv");
        WriteInvoices(invoiceFile, Invoices);
        var ours = await Import(options, "invoices", invoiceFile);
        var again = await Import(options, "invoices", invoiceFile);
        var plain = postgres is null ? await SqliteImport(options, folder) : await PostgresCopy(postgres, folder);
        return
        [
            new($"{name}: customers imported, contacts sealed, search tokens", Customers / customers, "/s", "target: at least", 15_000),
            new($"{name}: 2 million invoices imported, months included", Invoices / ours, "/s", postgres is null ? ".import, same unique key" : "COPY, same unique key", Invoices / plain),
            new($"{name}: the same file again", Invoices / again, "/s"),
        ];
    }

    private static async Task<double> Import(HostOptions options, string noun, string file)
    {
        using var words = new StringWriter();
        var watch = Stopwatch.StartNew();
        var exit = await ImportCommand.Run([noun, file], options, words, words, CancellationToken.None);
        return exit == 0 ? watch.Elapsed.TotalSeconds : throw new InvalidOperationException(words.ToString());
    }

    private static void WriteCustomers(string file)
    {
        using var csv = new StreamWriter(file);
        csv.WriteLine("customer,name,kind,contact_person,mail,phone,address,currency");
        for (var i = 0; i < Customers; i++)
            csv.WriteLine($"C{i:000000},{Words[i % 17]} {Words[i / 17 % 17]} {i},person,,p{i}@mail.example,138{i:00000000},{i} High Street,CNY");
    }

    private static readonly string[] Words =
        ["Amber", "Birch", "Cedar", "Delta", "Ember", "Fjord", "Grove", "Haven", "Indigo", "Juniper", "Kestrel", "Linden", "Maple", "Nimbus", "Onyx", "Poplar", "Quartz"];

    private static void WriteInvoices(string file, int count)
    {
        var random = new Random(7);
        var start = new DateOnly(2022, 1, 1);
        using var csv = new StreamWriter(file, false, new UTF8Encoding(false), 1 << 20);
        csv.WriteLine("customer,document,date,quantity,unit_price,currency");
        for (var i = 0; i < count; i++)
            csv.WriteLine(string.Create(CultureInfo.InvariantCulture, $"C{random.Next(Customers):000000},INV{i:00000000},{start.AddDays(random.Next(1400)):yyyy-MM-dd},{random.Next(1, 9)},{random.Next(100, 99999) / 100m},CNY"));
    }

    /// <summary>sqlite3's .import of the rows we stored, all columns, in the order of a file (not of the key).</summary>
    private static async Task<double> SqliteImport(HostOptions options, string folder)
    {
        var csv = Path.Combine(folder, "rows.csv");
        await Shell("sqlite3", [options.DatabaseFile, "-csv", $".once {csv}", "SELECT * FROM facts ORDER BY document"]);
        var schema = Path.Combine(folder, "schema.sql");
        await Shell("sqlite3", [options.DatabaseFile, $".once {schema}", ".schema facts"]);
        var plain = Path.Combine(folder, "plain.db");
        await Shell("sqlite3", [plain, "PRAGMA journal_mode=WAL", $".read {schema}"]);
        var watch = Stopwatch.StartNew();
        await Shell("sqlite3", [plain, "PRAGMA synchronous=FULL", "PRAGMA cache_size=-65536", ".mode csv", $".import {csv} facts"]);
        return watch.Elapsed.TotalSeconds;
    }

    private static async Task<double> PostgresCopy(string postgres, string folder)
    {
        var csv = Path.Combine(folder, "rows.csv");
        await using var connection = new NpgsqlConnection(postgres);
        await connection.OpenAsync();
        await using (var prepare = new NpgsqlCommand("CREATE TABLE plain_facts (LIKE facts INCLUDING ALL)", connection))
            await prepare.ExecuteNonQueryAsync();
        using (var rows = await connection.BeginTextExportAsync("COPY (SELECT * FROM facts ORDER BY document) TO STDOUT (FORMAT CSV)"))
        await using (var file = new StreamWriter(csv))
            while (await rows.ReadLineAsync() is { } line)
                await file.WriteLineAsync(line);
        var watch = Stopwatch.StartNew();
        await using (var copy = await connection.BeginTextImportAsync("COPY plain_facts FROM STDIN (FORMAT CSV)"))
        using (var file = new StreamReader(csv))
            while (await file.ReadLineAsync() is { } line)
                await copy.WriteLineAsync(line);
        var seconds = watch.Elapsed.TotalSeconds;
        await using var drop = new NpgsqlCommand("DROP TABLE plain_facts", connection);
        await drop.ExecuteNonQueryAsync();
        return seconds;
    }

    private static async Task Shell(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}");
    }
}
