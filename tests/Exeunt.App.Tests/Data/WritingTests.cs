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
        Writing.IsImpossible(new InvalidOperationException("transient", new TimeoutException { Source = "Npgsql" })).ShouldBeTrue();
        Writing.IsImpossible(new TimeoutException("a mail server")).ShouldBeFalse();
    }

    [Fact]
    public void Somebody_who_goes_away_in_the_middle_does_not_make_the_server_refuse_everybody()
    {
        Writing.IsImpossible(new OperationCanceledException("gone", new PostgresException("canceling statement due to user request", "ERROR", "ERROR", "57014"))).ShouldBeFalse();
        Writing.IsImpossible(new InvalidOperationException("save", new PostgresException("canceling statement due to user request", "ERROR", "ERROR", "57014"))).ShouldBeFalse();
        Writing.IsImpossible(new SqliteException("constraint failed", 19)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("57P01", true)]
    [InlineData("08006", true)]
    [InlineData("25006", true)]
    [InlineData("53100", false)]
    public void A_database_that_was_away_is_well_again_with_the_first_save_and_a_disk_without_room_is_not(string? state, bool well)
    {
        var writing = new Writing();

        writing.Failed(new InvalidOperationException("save", state is null ? new NpgsqlException("connection refused") : new PostgresException("no", "FATAL", "FATAL", state)));

        writing.Works.ShouldBeFalse();
        writing.Worked();
        writing.Works.ShouldBe(well);
    }

    [Fact]
    public void A_connection_that_breaks_beside_a_full_disk_does_not_make_it_well()
    {
        var writing = new Writing();
        writing.Failed(new SqliteException("database or disk is full", 13));

        writing.Failed(new NpgsqlException("connection refused"));

        writing.Worked();
        writing.Works.ShouldBeFalse();
    }
}
