using System.Data.Common;
using System.Text.RegularExpressions;
using Exeunt.App.Data;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Erasure;

/// <summary>What is sealed is stored as bytes. So every column of bytes is cleared when its class is erased, or it stands here why it is not.</summary>
public abstract class SealedColumnsTests(ExeuntApp app)
{
    private const string OfAnIntake = "sealed under the application's own number: Intakes.IntakeProofs.Forget clears it, with the case or by intake.forget";
    private const string Link = "a hash of a random token: nobody is found by it";
    private const string Digest = "a digest that stays so that the same file is not taken twice";
    private const string Proof = "the audit log and its proofs, which hold nothing personal";

    private static readonly Dictionary<string, string> Exceptions = new()
    {
        ["activity.months"] = "sums under our internal number: retention.anonymise removes the row",
        ["activity_lines.months"] = "sums under our internal number: retention.anonymise removes the row",
        ["audit_blocks.hash"] = Proof,
        ["audit_log.leaf"] = Proof,
        ["audit_log.salt"] = Proof,
        ["bank_lines.key"] = "a token of a line of the bank's, which is kept with the books",
        ["bank_lines.words"] = "words about the company's own papers, under a key of no customer",
        ["case_index.receipt"] = "a signature",
        ["case_index.survey_hash"] = Link,
        ["case_index.token_hash"] = Link,
        ["certificates.sha256"] = "what the check page compares; the paper itself goes with its class",
        ["challenges.code_hash"] = "of a code that lives for minutes; Cases.Challenges.Forget removes the row with the contact",
        ["challenges.contact"] = "a keyed token; Cases.Challenges.Forget removes the row with the contact",
        ["challenges.owner"] = Link,
        ["chat_messages.data"] = OfAnIntake,
        ["connected_systems.secret"] = "a secret of a system, under a key of the installation",
        ["conversations.data"] = OfAnIntake,
        ["conversations.token"] = OfAnIntake,
        ["data_requests.link_hash"] = Link,
        ["drafts.data"] = "sealed under a number of its own: draft.forget removes the row within a day",
        ["drafts.token_hash"] = Link,
        ["erasures.token"] = "the ledger's keyed token, so that no import brings them back",
        ["feedback_index.token_hash"] = Link,
        ["idempotency.answer"] = "under a key of the installation; answers with personal data are not kept",
        ["idempotency.request_hash"] = "a keyed hash",
        ["import_chunks.sealed"] = "sealed under the upload's own number: removed when it is read",
        ["imports.sha256"] = Digest,
        ["inbound_mail_files.data"] = OfAnIntake,
        ["inbound_mails.content_hash"] = Digest,
        ["inbound_mails.data"] = OfAnIntake,
        ["inbound_mails.message_hash"] = Digest,
        ["inbound_mails.sender_token"] = OfAnIntake,
        ["inbound_mails.sha256"] = Digest,
        ["intakes.data"] = OfAnIntake,
        ["payment_allocations.line_key"] = "a token of a line of the bank's, which is kept with the books",
        ["phone_calls.data"] = OfAnIntake,
        ["re_entries.lifted_token"] = "the ledger's keyed token of whoever was welcomed back",
        ["recognition_tokens.token"] = "a keyed token with an end of its own: re-entry.forget",
        ["tree_heads.frontier"] = Proof,
        ["tree_heads.root"] = Proof,
        ["tree_heads.signature"] = Proof,
    };

    [Fact]
    public async Task Every_column_of_bytes_is_cleared_with_its_class_or_has_a_reason_not_to_be()
    {
        var statements = new Statements();
        var kept = await app.With<Storage, List<string>>(async storage =>
        {
            await using var db = Open(storage, statements);
            await db.Write(async ct =>
            {
                foreach (var dataClass in Enum.GetValues<DataClass>())
                    await Remains.Clear(db, dataClass, [-1], ct);
                return 0;
            }, default);
            return
            [
                .. from entity in db.Model.GetEntityTypes()
                let table = entity.GetTableName() ?? ""
                from property in entity.GetProperties()
                where property.ClrType == typeof(byte[]) && !statements.All.Exists(s => Clears(s, table, property.GetColumnName()))
                select $"{table}.{property.GetColumnName()}",
            ];
        });

        statements.All.ShouldNotBeEmpty();
        kept.Except(Exceptions.Keys).ShouldBeEmpty("Clear these in Remains.Clear and count them in Remnants.Of, or say here why they stay");
        Exceptions.Keys.Except(kept).ShouldBeEmpty("These are cleared, or are there no more");
    }

    private static AppDb Open(Storage storage, Statements statements) =>
        storage.Gate is { } gate
            ? new SqliteAppDb(new DbContextOptionsBuilder<SqliteAppDb>().UseSqlite(gate.ReadOnly).AddInterceptors(statements).Options, gate)
            : new PostgresAppDb(new DbContextOptionsBuilder<PostgresAppDb>().UseNpgsql(storage.Options.Database).AddInterceptors(statements).Options);

    /// <summary>Whether a statement removes the rows of a table, or sets the column.</summary>
    private static bool Clears(string statement, string table, string column) =>
        Regex.IsMatch(statement, $"^DELETE FROM \"?{table}\"? ")
        || (Regex.IsMatch(statement, $"^UPDATE \"?{table}\"? ") && Regex.IsMatch(statement.Split("WHERE")[0], $"\\b{column}\"? = "));

    private sealed class Statements : DbCommandInterceptor
    {
        public List<string> All { get; } = [];

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            All.Add(command.CommandText);
            return base.NonQueryExecutingAsync(command, eventData, result, cancellationToken);
        }
    }

    public sealed class OnSqlite(SqliteApp app) : SealedColumnsTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : SealedColumnsTests(app), IClassFixture<PostgresApp>;
}
