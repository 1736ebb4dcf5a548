using System.Text;
using System.Text.Encodings.Web;
using Npgsql;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>Finds the names and addresses of a <see cref="Place"/>'s customers where they stand in clear: as UTF-8, as UTF-16, and as JSON escapes them.</summary>
public static class InClear
{
    private static readonly string[] Words = [.. ((string[])[Place.Canary, Place.NameCanary]).SelectMany(w => (string[])[w, JavaScriptEncoder.Default.Encode(w)]).Distinct()];
    private static readonly byte[][] Forms = [.. Words.SelectMany(w => (byte[][])[Encoding.UTF8.GetBytes(w), Encoding.Unicode.GetBytes(w)])];

    public static bool Has(string text) => Words.Any(w => text.Contains(w, StringComparison.OrdinalIgnoreCase));

    public static bool Has(ReadOnlySpan<byte> bytes)
    {
        foreach (var form in Forms)
            if (bytes.IndexOf(form) >= 0)
                return true;
        return false;
    }

    /// <summary>Reads every column of a PostgreSQL database that can hold words, once through each table.</summary>
    /// <returns>The columns that have one of them.</returns>
    public static async Task<IReadOnlyList<string>> In(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        var columns = new List<(string Table, string Column, bool Binary)>();
        await using (var ask = new NpgsqlCommand("""
            SELECT format('%I.%I', c.table_schema, c.table_name), c.column_name, c.data_type FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE t.table_type = 'BASE TABLE' AND c.table_schema NOT IN ('pg_catalog', 'information_schema')
              AND c.data_type IN ('text', 'character varying', 'character', 'json', 'jsonb', 'ARRAY', 'bytea')
            """, connection))
        await using (var reader = await ask.ExecuteReaderAsync())
            while (await reader.ReadAsync())
                columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2) == "bytea"));
        var found = new List<string>();
        foreach (var table in columns.GroupBy(c => c.Table))
        {
            var which = table.ToList();
            string Condition(string column, bool binary) => string.Join(" OR ", binary
                ? Forms.Select((_, i) => $"position(@form{i} in {column}) > 0")
                : Words.Select((_, i) => $"strpos({column}::text, @word{i}) > 0"));
#pragma warning disable CA2100 // Names that the database itself gave.
            await using var look = new NpgsqlCommand($"SELECT {string.Join(", ", which.Select(c => $"count(*) FILTER (WHERE {Condition($"\"{c.Column}\"", c.Binary)})"))} FROM {table.Key}", connection);
#pragma warning restore CA2100
            if (which.Exists(c => c.Binary))
                foreach (var (form, i) in Forms.Select((f, i) => (f, i)))
                    look.Parameters.AddWithValue($"form{i}", form);
            if (which.Exists(c => !c.Binary))
                foreach (var (word, i) in Words.Select((w, i) => (w, i)))
                    look.Parameters.AddWithValue($"word{i}", word);
            await using var counts = await look.ExecuteReaderAsync();
            await counts.ReadAsync();
            found.AddRange(which.Where((_, i) => counts.GetInt64(i) > 0).Select(c => $"{c.Table}.{c.Column}"));
        }
        return found;
    }
}
