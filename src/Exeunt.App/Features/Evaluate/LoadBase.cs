using System.Data.Common;
using Exeunt.App.Data;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Exeunt.Core.Churn;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using NpgsqlTypes;

namespace Exeunt.App.Features.Evaluate;

/// <summary>
/// Reads customers and their packed months into memory, in one consistent read: counted first, then read once. Who restricted
/// the use of their data, or objected, is left out.
/// </summary>
public static class LoadBase
{
    /// <summary>Kind and tier as numbers: a million words less to read.</summary>
    private static readonly string Customers =
        $"SELECT c.id, c.unit_id, c.currency, CASE WHEN c.kind = '{nameof(CustomerKind.Organisation)}' THEN 1 ELSE 0 END AS kind, "
        + $"CASE c.tier {string.Join(' ', Enum.GetValues<CustomerTier>().Select(t => $"WHEN '{t}' THEN {(int)t}"))} ELSE 0 END AS tier, "
        + $"c.industry, c.country, c.since, CASE WHEN c.erased_at IS NULL THEN 0 ELSE 1 END AS erased FROM customers c";

    /// <param name="withLines">Whether product lines are read too (for <see cref="Indicator.LinesLost"/> only).</param>
    /// <param name="first">First customer (inclusive).</param>
    /// <param name="until">Last customer (inclusive).</param>
    /// <param name="withErased">Whether those whose personal data was erased are counted.</param>
    /// <param name="churn">By which definition customers are judged; null: the usual one.</param>
    public static async Task<CustomerBase> Run(Storage storage, bool withLines, CancellationToken ct, long first = 0, long until = long.MaxValue, bool withErased = true, CompiledChurn? churn = null)
    {
        var range = new Range(first, until, withErased);
        await using var db = storage.NewAppDb();
        await db.Database.OpenConnectionAsync(ct);
        var connection = db.Database.GetDbConnection();
        var contracts = db.Contracts.Where(c => c.CustomerId >= first && c.CustomerId <= until);
        var spans = await TermSpans.Excluded(contracts, ct);
        await using var read = await connection.BeginTransactionAsync(
            connection is NpgsqlConnection ? System.Data.IsolationLevel.RepeatableRead : System.Data.IsolationLevel.Serializable, ct);
        var builder = await Sized(connection, range, spans, withLines, ct);
        if (connection is SqliteConnection sqlite)
            Read(sqlite, range, builder, withLines, ct);
        else
            await Read((NpgsqlConnection)connection, range, builder, withLines, ct);
        return churn is null ? builder.Build() : builder.Build().With(churn);
    }

    /// <summary>Customers from the first to the last, both included.</summary>
    private readonly record struct Range(long First, long Until, bool WithErased)
    {
        /// <summary>As a condition on customers c.</summary>
        public string OnCustomers => $"c.restricted_at IS NULL AND c.objected_at IS NULL AND {On("c.id")}{(WithErased ? "" : " AND c.erased_at IS NULL")}";

        /// <summary>As a condition on a column with the customer's number.</summary>
        public string On(string column) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{column} BETWEEN {First} AND {Until}");
    }

    private static async Task<CustomerBase.Builder> Sized(DbConnection connection, Range range, List<ExclusionSpan> spans, bool withLines, CancellationToken ct)
    {
        async Task<int> Number(string sql)
        {
            await using var command = connection.Command(sql);
            return checked((int)Convert.ToInt64(await command.ExecuteScalarAsync(ct), System.Globalization.CultureInfo.InvariantCulture));
        }
        var customers = await Number($"SELECT COUNT(*) FROM customers c WHERE {range.OnCustomers}");
        var bytes = await Number($"SELECT COALESCE(SUM(LENGTH(months)), 0) FROM activity WHERE {range.On("customer_id")}");
        int? lines = withLines ? await Number($"SELECT COALESCE(SUM(LENGTH(months) + {ProductLines.SizeOf(0)}), 0) FROM activity_lines WHERE {range.On("customer_id")}") : null;
        return new CustomerBase.Builder(customers, bytes, spans, lines);
    }

    private static void Read(SqliteConnection connection, Range range, CustomerBase.Builder builder, bool withLines, CancellationToken ct)
    {
        using var customers = new SqliteStatement(connection, $"{Customers} WHERE {range.OnCustomers} ORDER BY c.id");
        using var months = new SqliteStatement(connection, $"SELECT customer_id, months FROM activity WHERE {range.On("customer_id")} ORDER BY customer_id");
        using var lines = withLines ? new SqliteStatement(connection, $"SELECT customer_id, product_line, months FROM activity_lines WHERE {range.On("customer_id")} ORDER BY customer_id, product_line") : null;
        var hasMonths = months.Next();
        var hasLine = lines?.Next() ?? false;
        for (var n = 0; customers.Next(); n++)
        {
            if ((n & 0xFFF) == 0)
                ct.ThrowIfCancellationRequested();
            var id = customers.Long(0);
            while (hasMonths && months.Long(0) < id)
                hasMonths = months.Next();
            var customer = new BaseCustomer(
                id, (int)customers.Long(1), customers.Text(2)!, customers.Long(3) != 0, (int)customers.Long(4),
                customers.Text(5), customers.Text(6), customers.Text(7) is { } since ? DateOnly.ParseExact(since, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null,
                customers.Long(8) != 0);
            builder.Add(customer, hasMonths && months.Long(0) == id ? months.Bytes(1) : default);
            while (hasLine && lines!.Long(0) < id)
                hasLine = lines.Next();
            for (; hasLine && lines!.Long(0) == id; hasLine = lines.Next())
                builder.AddLine((int)lines.Long(1), lines.Bytes(2));
        }
    }

    private static async Task Read(NpgsqlConnection connection, Range range, CustomerBase.Builder builder, bool withLines, CancellationToken ct)
    {
        var lines = withLines ? await Lines(connection, range, ct) : [];
        await using var rows = await connection.BeginBinaryExportAsync(
            $"COPY (SELECT q.*, a.months FROM ({Customers} WHERE {range.OnCustomers}) q LEFT JOIN activity a ON a.customer_id = q.id ORDER BY q.id) TO STDOUT (FORMAT BINARY)", ct);
        while (rows.StartRow() >= 0)
        {
            var customer = new BaseCustomer(
                rows.Read<long>(NpgsqlDbType.Bigint), rows.Read<int>(NpgsqlDbType.Integer), rows.Read<string>(NpgsqlDbType.Varchar),
                rows.Read<int>(NpgsqlDbType.Integer) != 0, rows.Read<int>(NpgsqlDbType.Integer), Text(rows), Text(rows), Date(rows), rows.Read<int>(NpgsqlDbType.Integer) != 0);
            if (rows.IsNull)
            {
                rows.Skip();
                builder.Add(customer, default);
            }
            else
            {
                builder.Add(customer, rows.Read<byte[]>(NpgsqlDbType.Bytea));
            }
            if (lines.TryGetValue(customer.Id, out var own))
                foreach (var (line, packed) in own)
                    builder.AddLine(line, packed);
        }
    }

    private static string? Text(NpgsqlBinaryExporter rows)
    {
        if (!rows.IsNull)
            return rows.Read<string>(NpgsqlDbType.Varchar);
        rows.Skip();
        return null;
    }

    private static DateOnly? Date(NpgsqlBinaryExporter rows)
    {
        if (!rows.IsNull)
            return rows.Read<DateOnly>(NpgsqlDbType.Date);
        rows.Skip();
        return null;
    }

    private static async Task<Dictionary<long, List<(int Line, byte[] Packed)>>> Lines(NpgsqlConnection connection, Range range, CancellationToken ct)
    {
        var lines = new Dictionary<long, List<(int, byte[])>>();
        await using var select = connection.Command($"SELECT customer_id, product_line, months FROM activity_lines WHERE {range.On("customer_id")} ORDER BY customer_id, product_line");
        await using var rows = await select.ExecuteReaderAsync(ct);
        while (await rows.ReadAsync(ct))
        {
            if (!lines.TryGetValue(rows.GetInt64(0), out var own))
                lines[rows.GetInt64(0)] = own = [];
            own.Add((rows.GetInt32(1), (byte[])rows.GetValue(2)));
        }
        return lines;
    }
}
