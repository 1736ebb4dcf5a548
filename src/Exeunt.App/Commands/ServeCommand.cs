using System.Diagnostics;
using System.Net.Sockets;
using Exeunt.App.Data;
using Exeunt.App.Features.Staff;
using Microsoft.AspNetCore.Connections;

namespace Exeunt.App.Commands;

/// <summary><c>exeunt serve</c>: the server, until Ctrl-C or SIGTERM.</summary>
internal static class ServeCommand
{
    public const string Help = """
        exeunt serve [options]

        Starts the server: staff console, customer portal, REST API and the work that falls due. Ctrl-C stops it.

          --port N           port (default 5080; 0 takes any free one)
          --bind ADDRESS     address to listen on (default 127.0.0.1; anything else needs a database without demo people)
          --no-demo          do not load the demo company into an empty database ("exeunt user add" makes the first sign-in)
          --demo-data FILE   invoices the demo company is made of (default: those that ship with the product)
          --smtp HOST:PORT   mail server (default: mails are files in the world folder)
          --mail-from ADDR   sender of mails
          --mail-in DIR      folder into which your mail server drops mails as .eml files (default DATA/mail-in)
          --mail-server NAME name your mail server gives itself in Authentication-Results (default: none is believed)
          --key-epoch-days N days after which a new master key takes over and the old one is destroyed (default 7; 0: never);
                             a longer period counts from the next master key on
          --backups DIR      take a backup into this folder every night, and try it by restoring it
          --audit-bucket S3  s3://BUCKET[/PREFIX]: a second copy of the exported audit log (keys: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION)
          --audit-bucket-url URL  the service's address when it is not Amazon's
          --world DIR        folder that plays the outside world: mails, bank, exported proofs (default DATA.world)
        """;

    public static async Task<int> Run(string[] args, HostOptions options, TextWriter output, TextWriter error, CancellationToken ct)
    {
        if (Arguments.Parse(args).Words is [var word, ..])
            throw new UsageException($"serve does not know what to do with \"{word}\".");
        if (options is { Demo: true, IsLoopback: false })
            throw new UsageException($"--bind {options.Bind} can be reached from other machines, and demo people must not be: add --no-demo, with a data folder that has none.");
        var started = Stopwatch.GetTimestamp();
        await using var app = await ExeuntHost.Build(options, TimeProvider.System, ct);
        try
        {
            await app.StartAsync(ct);
        }
        catch (Exception e) when (e is SocketException || e.InnerException is AddressInUseException or SocketException)
        {
            await error.WriteLineAsync(e.InnerException is AddressInUseException
                ? $"Port {options.Port} is in use by another program. Choose one with --port N."
                : $"Cannot listen on {options.Bind}, port {options.Port}: {e.GetBaseException().Message}");
            return 1;
        }
        var url = options.Port == 0 && options.PublicUrl is null ? app.Urls.First() : options.Url;
        app.Services.GetRequiredService<Storage>().Announce(url);
        try
        {
            await Greet(app, options, url, started, output, ct);
        }
        catch (Exception e) when (Writing.IsImpossible(e))
        {
            // The database has just gone away: the server stays, and says so by its health.
        }
        await app.WaitForShutdownAsync(ct);
        // Asked to by nobody: a supervisor must start it again.
        if (app.Services.GetServices<IHostedService>().OfType<BackgroundService>().Any(s => s.ExecuteTask is { IsFaulted: true }))
        {
            await error.WriteLineAsync("Stopped, because a part of the server failed; its log says which.");
            return 1;
        }
        await output.WriteLineAsync("Stopped.");
        return 0;
    }

    private static async Task Greet(WebApplication app, HostOptions options, string url, long started, TextWriter output, CancellationToken ct)
    {
        await output.WriteLineAsync($"Exeunt 善别    {url}    API: {url}/openapi");
        await output.WriteLineAsync(options.Smtp is { } smtp
            ? $"Mails go by {smtp}, from {options.MailFrom}."
            : $"Mails are written to {options.World}; none leaves this machine.");
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var people = scope.ServiceProvider.GetRequiredService<DemoPeople>();
            var signIns = options.IsLoopback ? await people.SignIns(ct) : [];
            if (signIns.Count > 0)
            {
                await output.WriteLineAsync($"\nDemo sign-ins at {url}/sign-in:");
                foreach (var person in signIns)
                    await output.WriteLineAsync($"  {person.Role,-16} {person.Mail,-34} {person.Password}");
                await output.WriteLineAsync();
            }
            else if (!await people.AnybodyIsHere(ct))
            {
                await output.WriteLineAsync("Nobody can sign in yet: exeunt user add MAIL --role Administrator --unit HQ");
            }
        }
        await output.WriteLineAsync($"Ready in {Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s. Ctrl-C stops.");
        await output.FlushAsync(ct);
    }
}
