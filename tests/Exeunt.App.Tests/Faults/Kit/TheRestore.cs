using System.Globalization;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// A backup is put back after data folder and databases are lost. When it was taken one customer was erased and another was leaving; since then a third
/// was erased, who must not come back.
/// </summary>
internal static class TheRestore
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task Prepare(Place place)
    {
        using var until = new CancellationTokenSource(Patience);
        var port = ServerProcess.FreePort();
        var url = new Uri($"http://127.0.0.1:{port}");
        using var staff = new Colleagues(place, url, place.Told, until.Token);
        using var customer = new PatientClient(url, null, place.Told, until.Token);
        // What is acknowledged after the backup is lost with everything else.
        using var later = new Colleagues(place, url, new Acknowledged(), until.Token);
        await using var server = ServerProcess.Start(place, port);
        await TheErasure.Of(place, staff, place.Prospects[0], "before", until.Token);
        await new Journey(place, place.People[1], staff, customer, "before", until.Token).Telling(place.Told).Apply();
        await place.Calm(Patience);
        await using (var backup = ServerProcess.Command(place, ["backup", Backup(place)]))
            if (!await backup.Dies(Patience) || backup.ExitCode != 0)
                throw new InvalidOperationException($"There is no backup:\n{backup.Said}");
        var mails = Mails(place).ToHashSet();
        await TheErasure.Of(place, later, place.Prospects[1], "after", until.Token);
        await place.Calm(Patience);
        await server.End();
        // Nor does the restored server know what was written to them.
        foreach (var mail in Mails(place).Where(m => !mails.Contains(m)))
            File.Delete(mail);
    }

    public static IReadOnlyList<string> Command(Place place) => ["restore", Backup(place)];

    public static async Task<IReadOnlyList<string>> Judge(Place place, bool isOver)
    {
        if (!isOver)
            return [];
        var found = new List<string>();
        foreach (var erased in place.Prospects)
            found.AddRange(await Readable.Left(place, erased, isOver: true));
        await using var keys = await Readable.Keys(place);
        found.AddRange(await Readable.Lost(place, keys, place.People));
        await using var db = place.Read();
        var last = await db.Settings.AsNoTracking().Where(s => s.Key == "last-number.customers").Select(s => s.Value).SingleOrDefaultAsync() ?? "0";
        if (long.Parse(last, CultureInfo.InvariantCulture) < await keys.HighestSubject(CancellationToken.None))
            found.Add($"numbers of customers go on after {last}, which had keys before");
        return found;
    }

    private static string Backup(Place place) => Path.Combine(place.Aside, "backup");

    private static IReadOnlyList<string> Mails(Place place) =>
        Path.Combine(place.Options.World, "mail") is var folder && Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
}
