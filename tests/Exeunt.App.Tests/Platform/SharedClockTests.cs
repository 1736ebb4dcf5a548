using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Platform;

/// <summary>A node whose clock is apart from the database server's takes no part.</summary>
public sealed class SharedClockTests : IClassFixture<SharedClockTests.Server>
{
    public sealed class Server : INeedPostgres;

    [Theory]
    [InlineData(0, false)]
    [InlineData(20, false)]
    [InlineData(-20, false)]
    [InlineData(40, true)]
    [InlineData(-40, true)]
    [InlineData(864_000, true)]
    public async Task Is_apart_beyond_half_a_minute_to_either_side(int seconds, bool apart)
    {
        await using var app = await ExeuntApp.Start(Database.Postgres);
        var clock = new SharedClock(await Opened(app), new FakeTime(TimeProvider.System.GetUtcNow().AddSeconds(seconds), flows: true), isReal: true);

        var found = await clock.Apart(default);

        (found is not null).ShouldBe(apart);
        if (!apart)
        {
            await clock.Refuse(default);
            return;
        }
        found!.Value.TotalSeconds.ShouldBe(seconds, 5);
        (await Should.ThrowAsync<InvalidDataException>(() => clock.Refuse(default))).Message.ShouldContain(seconds > 0 ? "s ahead of the database server's" : "s behind the database server's");
    }

    [Fact]
    public async Task A_clock_that_was_set_right_is_seen_within_seconds()
    {
        await using var app = await ExeuntApp.Start(Database.Postgres);
        var time = new FakeTime(TimeProvider.System.GetUtcNow().AddMinutes(3), flows: true);
        var clock = new SharedClock(await Opened(app), time, isReal: true);
        (await clock.Apart(default)).ShouldNotBeNull();

        time.Jump(TimeSpan.FromMinutes(-3));
        (await clock.Apart(default)).ShouldNotBeNull("asked every ten seconds, not at each effect");
        time.Advance(TimeSpan.FromSeconds(11));

        (await clock.Apart(default)).ShouldBeNull();
    }

    private static Task<Storage> Opened(ExeuntApp app) => app.With<Storage, Storage>(Task.FromResult);
}
