using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.App.Tests.Settlements;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Surveys;

/// <summary>What a customer says counts, whatever else happens to the case at that moment.</summary>
public abstract class AnswerSurveyTests(ExeuntApp app)
{
    [Fact]
    public async Task An_answer_and_messages_at_the_same_moment_all_count()
    {
        var it = await app.ASettledCase();
        var (reference, amount) = await it.Order();
        await (await app.SignIn(Role.Finance)).Ok(HttpMethod.Post, "/api/bank-files", new { content = MoneyWorld.BankFile((amount, reference)) });
        await app.Drain();
        var survey = app.Mails(it.Contract.Mail).SelectMany(m => m.Links).Last(l => l.Contains("/survey/", StringComparison.Ordinal)).Split('/')[^1];
        var customer = (await app.SystemCall()) with { Actor = Actor.Customer(it.Id) };

        var said = await Task.WhenAll(Enumerable.Range(1, CaseDesk.OwnWordsTries - 1)
            .Select(n => Task.Run(() => app.Do<LeaveMessage, LeaveMessage.Request, Done>(customer, new(it.Id, $"message {n}"))))
            .Append(Task.Run(() => app.Do<AnswerSurvey, AnswerSurvey.Request, Done>(customer, new(survey, 5, 4, null)))));

        said.Select(s => s.Refusal?.Code).ShouldAllBe(code => code == null);
    }

    public sealed class OnSqlite(SqliteApp app) : AnswerSurveyTests(app), IClassFixture<SqliteApp>;

    public sealed class OnPostgres(PostgresApp app) : AnswerSurveyTests(app), IClassFixture<PostgresApp>;
}
