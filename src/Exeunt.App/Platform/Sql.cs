using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Exeunt.App.Platform;

/// <summary>Small help for the two stores that are not EF's (keys, search): one command with its parameters.</summary>
internal static class Sql
{
    public static DbCommand Command(this DbConnection connection, string text, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The text is always a constant of this assembly; values go as parameters.
        command.CommandText = text;
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }

    public static async Task<int> Execute(this DbConnection connection, string text, CancellationToken ct, params (string Name, object? Value)[] parameters)
    {
        await using var command = connection.Command(text, parameters);
        return await command.ExecuteNonQueryAsync(ct);
    }

    public static SqliteConnection OpenSqlite(string file, string pragmas)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ToString());
        connection.Open();
        using var command = connection.Command(pragmas);
        command.ExecuteNonQuery();
        return connection;
    }

    public static async Task<NpgsqlConnection> OpenPostgres(string connectionString, CancellationToken ct)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(ct);
        return connection;
    }
}
