using Exeunt.App.Data;
using Microsoft.Data.Sqlite;
using Npgsql;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Data;

/// <summary>Which failures mean that nothing can be saved now.</summary>
public sealed class WritingTests
{
    [Fact]
    public void A_full_disk_or_a_database_that_is_away_is_no_fault_of_whoever_asked()
    {
        Writing.IsImpossible(new InvalidOperationException("save", new SqliteException("database or disk is full", 13))).ShouldBeTrue();
        Writing.IsImpossible(new PostgresException("could not extend file", "ERROR", "ERROR", "53100")).ShouldBeTrue();
        Writing.IsImpossible(new NpgsqlException("connection refused")).ShouldBeTrue();
    }

    [Fact]
    public void Somebody_who_goes_away_in_the_middle_does_not_make_the_server_refuse_everybody()
    {
        Writing.IsImpossible(new OperationCanceledException("gone", new PostgresException("canceling statement due to user request", "ERROR", "ERROR", "57014"))).ShouldBeFalse();
        Writing.IsImpossible(new InvalidOperationException("save", new PostgresException("canceling statement due to user request", "ERROR", "ERROR", "57014"))).ShouldBeFalse();
        Writing.IsImpossible(new SqliteException("constraint failed", 19)).ShouldBeFalse();
    }
}
