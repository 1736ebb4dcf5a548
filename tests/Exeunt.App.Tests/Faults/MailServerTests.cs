using System.Diagnostics;
using System.Text.RegularExpressions;
using Exeunt.App.Data;
using Exeunt.App.Features.Mail;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Faults;

/// <summary>A mail server that is away, hangs, refuses or lies: every mail is sent when it is back, or waits for people with a reason; nothing else waits for it.</summary>
public abstract partial class MailServerTests(Database on) : IAsyncLifetime, IDisposable
{
    private readonly FakeSmtp _smtp = new();
    private ExeuntApp _app = null!;

    public async Task InitializeAsync() => _app = await ExeuntApp.Start(on, o => o with { Smtp = _smtp.Address, MailPatience = TimeSpan.FromSeconds(3) });

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose()
    {
        _smtp.Dispose();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Sends_every_mail_once_after_a_day_without_a_server()
    {
        _smtp.Mood = SmtpMood.Down;
        for (var i = 0; i < 5; i++)
            await Stage($"c{i}@world.example");
        for (var hour = 0; hour < 48; hour++)
        {
            await _app.Drain();
            _app.Advance(TimeSpan.FromMinutes(30));
        }
        (await States()).ShouldAllBe(e => e.State == EffectState.Waiting && e.Note!.StartsWith("smtp"));

        _smtp.Mood = SmtpMood.Takes;
        for (var hour = 0; hour < 16; hour++)
        {
            await _app.Drain();
            _app.Advance(TimeSpan.FromMinutes(30));
        }
        (await States()).ShouldAllBe(e => e.State == EffectState.Done);
        _smtp.Mails.Count.ShouldBe(5);
        _smtp.Mails.Select(Id).Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public async Task Gives_a_mail_to_people_when_the_server_stays_away()
    {
        _smtp.Mood = SmtpMood.Down;
        await Stage("c@world.example");
        for (var hour = 0; hour < 60; hour++)
        {
            await _app.Drain();
            _app.Advance(TimeSpan.FromHours(1));
        }
        var effect = (await States()).Single();
        effect.State.ShouldBe(EffectState.Parked);
        effect.Note.ShouldBe("smtp: GeneralFailure");
    }

    [Theory]
    [InlineData(SmtpMood.Hangs)]
    [InlineData(SmtpMood.HangsAtTheEnd)]
    public async Task Does_not_hang_with_the_server_and_nothing_else_waits_for_it(SmtpMood mood)
    {
        _smtp.Mood = mood;
        for (var i = 0; i < 6; i++)
            await Stage($"c{i}@world.example");
        var watch = Stopwatch.StartNew();
        await _app.Drain();
        // One of them found out; the others were not tried.
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        _smtp.Connections.ShouldBe(1);
        (await States()).ShouldAllBe(e => e.State == EffectState.Waiting);
        (await States()).Count(e => e.Attempts == 1 && e.Note == "smtp-timed-out").ShouldBe(1);
        (await States()).Count(e => e.Attempts == 0 && e.Note == "smtp-away").ShouldBe(5);

        _smtp.Mood = SmtpMood.Takes;
        _app.Advance(TimeSpan.FromMinutes(1));
        await _app.Drain();
        (await States()).ShouldAllBe(e => e.State == EffectState.Done);
        _smtp.Mails.Select(Id).Distinct().Count().ShouldBe(6);
    }

    [Fact]
    public async Task Parks_at_once_what_is_refused_for_good()
    {
        _smtp.Mood = SmtpMood.Refuses;
        await Stage("nobody@world.example");
        await _app.Drain();
        var effect = (await States()).Single();
        (effect.State, effect.Note).ShouldBe((EffectState.Parked, "smtp: MailboxUnavailable"));
    }

    [Theory]
    [InlineData(SmtpMood.Busy)]
    [InlineData(SmtpMood.RefusesTheMail)]
    public async Task Comes_back_later_when_asked_to(SmtpMood mood)
    {
        _smtp.Mood = mood;
        await Stage("c@world.example");
        await _app.Drain();
        (await States()).Single().State.ShouldBe(EffectState.Waiting);
        _smtp.Mails.ShouldBeEmpty();
        _smtp.Mood = SmtpMood.Takes;
        _app.Advance(TimeSpan.FromMinutes(1));
        await _app.Drain();
        _smtp.Mails.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Sends_the_same_mail_again_when_it_does_not_know_what_became_of_it()
    {
        _smtp.Mood = SmtpMood.TakesAndHangsUp;
        await Stage("c@world.example");
        await _app.Drain();
        (await States()).Single().State.ShouldBe(EffectState.Waiting);
        _smtp.Mood = SmtpMood.Takes;
        _app.Advance(TimeSpan.FromMinutes(1));
        await _app.Drain();
        (await States()).Single().State.ShouldBe(EffectState.Done);
        // Two copies, one mail: whoever receives them sees the same id.
        _smtp.Mails.Count.ShouldBe(2);
        _smtp.Mails.Select(Id).Distinct().ShouldHaveSingleItem();
    }

    private Task Stage(string to) => _app.With<IServiceProvider>(async services =>
    {
        var db = (AppDb)services.GetService(typeof(AppDb))!;
        await ((Post)services.GetService(typeof(Post))!).Stage(await _app.SystemCall(), null, Post.Staff, DataClass.Case, new(to, "Subject", "Words", []), default);
        await db.SaveChangesAsync();
    });

    private Task<List<Effect>> States() => _app.With<AppDb, List<Effect>>(db => db.Effects.AsNoTracking().Where(e => e.Kind == "mail.send").ToListAsync());

    private static string Id(string mail) => MessageId().Match(mail).Groups[1].Value;

    [GeneratedRegex("Message-ID: <([^>]+)>", RegexOptions.IgnoreCase)]
    private static partial Regex MessageId();

    public sealed class OnSqlite() : MailServerTests(Database.Sqlite);

    public sealed class OnPostgres(PostgresServer server) : MailServerTests(Database.Postgres), IClassFixture<PostgresServer>
    {
        public string? Server => server.Connection;
    }
}
