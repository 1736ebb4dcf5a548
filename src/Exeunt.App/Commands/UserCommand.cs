using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Units;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Commands;

/// <summary><c>exeunt user</c>: people and their sign-ins.</summary>
internal static class UserCommand
{
    public static readonly string Help = $"""
        exeunt user add MAIL --role ROLE --unit UNIT [--name NAME]
        exeunt user list
        exeunt user disable|enable|reset MAIL

        add prints a one-time link to set a password and the second factor, valid for 24 hours. In an empty database it makes
        the root unit (总部, code HQ). reset takes the password and the second factor away and prints a new link. The link
        starts with --public-url (default http://localhost:PORT).

        Roles: {string.Join(", ", Enum.GetNames<Role>())}
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        var typed = Arguments.Parse(args, "--role ROLE", "--unit UNIT", "--name NAME");
        // Everything is checked before the data folder is opened, so that a typing error makes none.
        Func<IServiceProvider, Call, Task<int>> work = typed.Words switch
        {
            ["add", var mail] => Add(mail, RoleOf(typed.Need("--role")), typed.Need("--unit"), typed["--name"]),
            ["list"] => List,
            ["disable", var mail] => (services, call) => OnPerson(services, mail, id => Change<DisablePerson, DisablePerson.Request>(services, call, new(id))),
            ["enable", var mail] => (services, call) => OnPerson(services, mail, id => Change<EnablePerson, EnablePerson.Request>(services, call, new(id))),
            ["reset", var mail] => (services, call) => OnPerson(services, mail, async id => await Show(await services.GetRequiredService<ResetPerson>().Run(call, new(id), ct))),
            [] => throw new UsageException("user needs one of add, list, disable, enable, reset."),
            ["add" or "disable" or "enable" or "reset"] => throw new UsageException($"user {typed.Words[0]} needs a mail address."),
            [var verb, ..] => throw new UsageException($"user cannot \"{verb}\".{Nearest.Hint(verb, ["add", "list", "disable", "enable", "reset"])}"),
        };
        await using var app = await Cli.Open(options, ct);
        await using var scope = app.Services.CreateAsyncScope();
        var clocks = scope.ServiceProvider.GetRequiredService<Clocks>();
        return await work(scope.ServiceProvider, new Call(Actor.System, clocks.Now, clocks.BusinessNow));

        Func<IServiceProvider, Call, Task<int>> Add(string mail, Role role, string unit, string? name) => async (services, call) =>
        {
            await RootUnit.Ensure(services.GetRequiredService<AppDb>(), call, ct);
            return await Show(await services.GetRequiredService<InvitePerson>().Run(call, new(mail, name, role, unit), ct));
        };

        async Task<int> List(IServiceProvider services, Call call)
        {
            var people = (await services.GetRequiredService<ListPeople>().Run(call, new(), ct)).Value;
            if (options.Json)
                await output.WriteLineAsync(JsonSerializer.Serialize(people, Json.Indented));
            else
                foreach (var person in people)
                    await output.WriteLineAsync($"{person.Mail,-34} {person.Name,-24} {(person.IsDisabled ? "disabled" : person.HasPassword ? "active" : "invited"),-9} {string.Join(", ", person.Roles.Select(r => $"{r.Role} {r.UnitCode}"))}");
            return 0;
        }

        async Task<int> OnPerson(IServiceProvider services, string mail, Func<Guid, Task<int>> change)
        {
            var normal = mail.ToUpperInvariant();
            var member = await services.GetRequiredService<StaffDb>().Users.AsNoTracking().SingleOrDefaultAsync(m => m.NormalizedEmail == normal, ct);
            return member is null ? await Cli.Refuse(StaffRefusals.UnknownPerson(mail), error) : await change(member.Id);
        }

        async Task<int> Change<TUseCase, TRequest>(IServiceProvider services, Call call, TRequest request) where TUseCase : UseCase<TRequest, Done>
        {
            var done = await services.GetRequiredService<TUseCase>().Run(call, request, ct);
            if (done.Refusal is { } refusal)
                return await Cli.Refuse(refusal, error);
            await error.WriteLineAsync("Done.");
            return 0;
        }

        async Task<int> Show(Outcome<Invitation> outcome)
        {
            if (outcome.Refusal is { } refusal)
                return await Cli.Refuse(refusal, error);
            var link = options.Url + outcome.Value.Path;
            await output.WriteLineAsync(options.Json
                ? JsonSerializer.Serialize(new { outcome.Value.Mail, link, outcome.Value.ExpiresAt }, Json.Indented)
                : link);
            await error.WriteLineAsync($"The link works once, until {outcome.Value.ExpiresAt:yyyy-MM-dd HH:mm} UTC, when the server runs. Give it to {outcome.Value.Mail} only.");
            return 0;
        }
    }

    /// <summary>"data-officer", "DataOfficer" and "dataofficer" are the same role.</summary>
    private static Role RoleOf(string text) =>
        Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(r => string.Equals(r.ToString(), text.Replace("-", "", StringComparison.Ordinal), StringComparison.OrdinalIgnoreCase))
        ?? throw new UsageException($"There is no role \"{text}\".{Nearest.Hint(text, Enum.GetNames<Role>())} Roles: {string.Join(", ", Enum.GetNames<Role>())}.");
}
