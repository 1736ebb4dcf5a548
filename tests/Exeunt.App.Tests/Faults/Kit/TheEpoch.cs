using System.Globalization;
using System.Security.Cryptography;
using Exeunt.App.Data;
using Exeunt.App.Platform;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// The epoch of the master key is over when the server starts: it wraps all living keys anew and destroys the old master key. Of some thousand keys
/// a few are dead; an older copy of the key store, from before they died, is kept aside together with what the living ones are.
/// </summary>
internal static class TheEpoch
{
    private const int Subjects = 4_000;
    private static readonly DataClass[] Classes = [DataClass.Profile, DataClass.Contact, DataClass.Case];

    public static async Task Prepare(Place place)
    {
        List<long> subjects = [.. Enumerable.Range(1, Subjects).Select(n => 1_000_000L + n)];
        Directory.CreateDirectory(place.Aside);
        await using (var storage = await Storage.Open(place.Options, CancellationToken.None))
        {
            await storage.Keys.Create(subjects, Classes, CancellationToken.None);
            await storage.Keys.Export(Older(place), CancellationToken.None);
            await storage.Keys.Destroy([.. Dead().Select(s => (s, DataClass.Contact))], TimeProvider.System.GetUtcNow(), CancellationToken.None);
        }
        place.LetGo();
        var began = TimeProvider.System.GetUtcNow().AddDays(-8).ToUnixTimeMilliseconds();
        await place.ChangeKeys(string.Create(CultureInfo.InvariantCulture, $"UPDATE state SET epoch_began = {began}"));
        subjects.AddRange(place.People.Concat(place.Prospects).Select(p => p.Id));
        var living = new List<string>();
        await using var keys = await Readable.Keys(place);
        foreach (var dataClass in Classes)
            foreach (var (subject, key) in await keys.FindAll(subjects, dataClass, CancellationToken.None))
                living.Add(string.Create(CultureInfo.InvariantCulture, $"{subject} {dataClass} {Digest(key)}"));
        await File.WriteAllLinesAsync(Living(place), living);
    }

    /// <summary>Waits until the old master key is destroyed and that is written down.</summary>
    public static async Task Play(Place place, Colleagues staff, PatientClient customer, Acknowledged acknowledged, CancellationToken until)
    {
        while (!Says(place, "\ndestroyed 1 "))
            await Task.Delay(20, until);
        await place.Until(db => db.AuditLog.AnyAsync(r => r.Verb == "keys.epoch-destroyed" && r.Target == "key-epoch:1", until), until);
    }

    /// <summary>Whether the new epoch has a master key.</summary>
    public static bool HasBegun(Place place) => Says(place, "\nepoch 2 ");

    public static async Task<IReadOnlyList<string>> Judge(Place place, bool isOver)
    {
        var found = new List<string>();
        var masters = MasterKeys.Load(place.Options);
        var file = await place.ExportKeys();
        try
        {
            await using var keys = await KeyStore.OpenSqliteReadOnly(file, masters, CancellationToken.None);
            var living = (await File.ReadAllLinesAsync(Living(place))).Select(l => l.Split(' ')).ToLookup(l => Enum.Parse<DataClass>(l[1]), l => (Subject: long.Parse(l[0], CultureInfo.InvariantCulture), Digest: l[2]));
            foreach (var dataClass in Classes)
            {
                var there = await keys.FindAll([.. living[dataClass].Select(l => l.Subject)], dataClass, CancellationToken.None);
                if (living[dataClass].Count(l => !there.TryGetValue(l.Subject, out var key) || Digest(key) != l.Digest) is > 0 and var lost)
                    found.Add($"of {living[dataClass].Count()} living keys {dataClass} {lost} are lost");
            }
            foreach (var dead in Dead())
                if (await keys.Find(dead, DataClass.Contact, CancellationToken.None) is not null || !await keys.IsDead(dead, DataClass.Contact, CancellationToken.None))
                    found.Add($"the destroyed key of {dead} is back");
            found.AddRange(await Readable.Lost(place, keys, [.. place.People, .. place.Prospects]));
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            found.Add($"the key store does not open: {e.Message}");
        }
        if (isOver)
            found.AddRange(await Over(place, masters, file));
        return found;
    }

    /// <summary>The old master key is gone, and with it every older copy; the second copy is the store's.</summary>
    private static async Task<IReadOnlyList<string>> Over(Place place, MasterKeys masters, string file)
    {
        var found = new List<string>();
        if (!masters.Destroyed.ContainsKey(1) || masters.Of(1) is not null)
            found.Add("the master key of the epoch that is over is not destroyed");
        if (await Proven(Older(place), masters, null) is { } opened)
            found.Add($"{opened.Living} keys of a copy from before the end of its epoch open");
        if (await Proven(file, masters, masters.Newest) is not { } store)
            found.Add("something in the key store is not wrapped by the newest epoch");
        else if (await Proven(masters.DefaultCopy, masters, masters.Newest) != store)
            found.Add("the second copy does not hold what the key store holds");
        await using var db = place.Read();
        if (await db.AuditLog.CountAsync(r => r.Verb == "keys.epoch-destroyed" && r.Target == "key-epoch:1") is not 1 and var entries)
            found.Add($"the log tells {entries} times that the master key was destroyed");
        return found;
    }

    private static async Task<(long Living, string Digest)?> Proven(string file, MasterKeys masters, int? epoch)
    {
        try
        {
            using var store = KeyCopy.OpenReadOnly(file);
            return await KeyCopy.Prove(store, masters, epoch, CancellationToken.None);
        }
        catch (Exception e) when (e is CryptographicException or InvalidDataException)
        {
            return null;
        }
    }

    private static IEnumerable<long> Dead() => Enumerable.Range(1, Subjects).Where(n => n % 50 == 0).Select(n => 1_000_000L + n);

    private static string Digest(byte[] key) => Convert.ToHexString(SHA256.HashData(key));

    private static string Older(Place place) => Path.Combine(place.Aside, "older-keys.db");

    private static string Living(Place place) => Path.Combine(place.Aside, "living.txt");

    /// <summary>Whether the master key's file has a line that begins so. While it is being replaced it says nothing.</summary>
    private static bool Says(Place place, string line)
    {
        try
        {
            return File.ReadAllText(place.Options.MasterKey!).Contains(line, StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
