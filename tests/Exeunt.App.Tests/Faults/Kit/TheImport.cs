using System.Globalization;
using System.Text;
using Exeunt.App.Features.Imports;
using Exeunt.App.Platform;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>A branch head uploads a file of customers at the pages and starts it, and then one of what these customers ordered.</summary>
internal static class TheImport
{
    private const int Customers = 2_000;

    /// <summary>Two orders of each with a number, and two equal ones of the first customer without: both are real.</summary>
    private const int Facts = (2 * Customers) + 2;

    public static async Task Play(Place place, Colleagues staff, PatientClient customer, Acknowledged acknowledged, CancellationToken until)
    {
        await Bring(place, staff, ImportNoun.Customers, CustomerFile(), until);
        await Bring(place, staff, ImportNoun.Facts, FactFile(), until);
    }

    public static async Task<IReadOnlyList<string>> Judge(Place place, bool isOver)
    {
        var found = new List<string>();
        await using var db = place.Read();
        var imported = await db.Customers.AsNoTracking().Where(c => c.Source == "own").Select(c => new { c.Id, c.NumberToken }).ToListAsync();
        if (imported.Count - imported.Select(c => Convert.ToHexString(c.NumberToken ?? [])).Distinct().Count() is > 0 and var twice)
            found.Add($"{twice} customers are there twice");
        List<long> ids = [.. imported.Select(c => c.Id)];
        var facts = await db.Facts.AsNoTracking().Where(f => ids.Contains(f.CustomerId)).Select(f => f.Amount).ToListAsync();
        var sum = Enumerable.Range(1, Customers).Sum(n => 2 * AmountOf(n)) + (2 * 500);
        if (imported.Count > Customers || facts.Count > Facts)
            found.Add($"there are {imported.Count} customers of {Customers}, {facts.Count} facts of {Facts}");
        var months = (await db.Activity.AsNoTracking().Where(a => ids.Contains(a.CustomerId)).Select(a => a.Months).ToListAsync()).Sum(m => Ordered(m));
        if (months != facts.Sum())
            found.Add($"the months have {months}, and the facts {facts.Sum()}");
        if (!isOver)
            return found;
        if (imported.Count != Customers || facts.Count != Facts || months != sum)
            found.Add($"in are {imported.Count} customers of {Customers}, {facts.Count} facts of {Facts}, together {months} of {sum}");
        await using var keys = await Readable.Keys(place);
        var names = (await Readable.Names(place, keys, ids)).Values.ToHashSet();
        if (Enumerable.Range(1, Customers).Count(n => !names.Contains(NameOf(n))) is > 0 and var lost)
            found.Add($"{lost} names do not open");
        foreach (var job in await db.Imports.AsNoTracking().ToListAsync())
        {
            var rows = job.Noun == ImportNoun.Customers ? Customers : Facts;
            if (job.State != ImportState.Done || job.Refused > 0 || job.Read != rows || job.Added + job.Changed + job.Unchanged != rows)
                found.Add($"the import of {job.Noun} is {job.State}: of {job.Read} rows {job.Added} added, {job.Changed} changed, {job.Unchanged} unchanged, {job.Refused} refused");
            // Forgotten together with its key.
            if (job.Subject is not null)
                found.Add($"the key of the uploaded file of {job.Noun} was not destroyed");
        }
        if (await db.ImportChunks.AnyAsync())
            found.Add("an uploaded file is still there");
        return found;
    }

    private static async Task Bring(Place place, Colleagues staff, ImportNoun noun, string file, CancellationToken until)
    {
        var page = await staff.HeadsBrowser.Submit("/imports", "/imports", $"import {noun}", () => new MultipartFormDataContent
        {
            { new StringContent($"{noun}"), "noun" }, { new ByteArrayContent(Encoding.UTF8.GetBytes(file)), "file", "file.csv" },
        });
        await staff.HeadsBrowser.Submit(page, $"{page}/start", $"import {noun} start", () => new MultipartFormDataContent());
        var id = Guid.Parse(page.Split('/')[^1]);
        await place.Until(async db =>
        {
            var job = await db.Imports.AsNoTracking().SingleAsync(i => i.Id == id, until);
            return job.State == ImportState.Failed ? throw new InvalidOperationException($"the import of {noun} failed: {job.Failure}") : job.State == ImportState.Done;
        }, until);
    }

    private static string CustomerFile()
    {
        var rows = new StringBuilder("customer,name,kind,mail\n");
        for (var n = 1; n <= Customers; n++)
            rows.Append(CultureInfo.InvariantCulture, $"IMP-{n},{NameOf(n)},person,i{n:D5}@{Place.Canary}\n");
        return rows.ToString();
    }

    private static string FactFile()
    {
        var rows = new StringBuilder("customer,kind,date,number,amount\nIMP-1,order,2025-02-01,,5.00\nIMP-1,order,2025-02-01,,5.00\n");
        for (var n = 1; n <= Customers; n++)
            for (var nth = 1; nth <= 2; nth++)
                rows.Append(CultureInfo.InvariantCulture, $"IMP-{n},order,2025-0{nth + 2}-{(n % 28) + 1:D2},F-{n}-{nth},{n}.50\n");
        return rows.ToString();
    }

    private static string NameOf(int n) => string.Create(CultureInfo.InvariantCulture, $"{Place.NameCanary}来自文件{n:D5}号");

    /// <summary>In minor units.</summary>
    private static long AmountOf(int n) => (n * 100L) + 50;

    private static long Ordered(byte[] packed)
    {
        var sum = 0L;
        foreach (var month in new ActivityMonths(packed))
            sum += month.Ordered;
        return sum;
    }
}
