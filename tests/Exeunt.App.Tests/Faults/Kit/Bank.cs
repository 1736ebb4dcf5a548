using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// A bank that trusts nobody's keys: it pays every order file that appears, and pays again when the file is written again. Its ledger is a file of
/// its own, one line a payment, that no server can reach.
/// </summary>
public sealed class Bank(Place place) : IDisposable
{
    private readonly ConcurrentDictionary<string, DateTime> _seen = [];
    private readonly CancellationTokenSource _closed = new();
    private Task _work = Task.CompletedTask;

    public static string Ledger(Place place) => Path.Combine(place.Root, "bank-ledger.txt");

    public Bank Open()
    {
        _work = Task.Run(async () =>
        {
            while (!_closed.IsCancellationRequested)
            {
                Look();
                await Task.Delay(5);
            }
        });
        return this;
    }

    /// <summary>Looks once more and goes home.</summary>
    public void Dispose()
    {
        if (_closed.IsCancellationRequested)
            return;
        _closed.Cancel();
        _work.Wait();
        Look();
    }

    private void Look()
    {
        var folder = Path.Combine(place.Options.World, "bank", "orders");
        if (!Directory.Exists(folder))
            return;
        foreach (var file in Directory.EnumerateFiles(folder, "*.json"))
        {
            var written = File.GetLastWriteTimeUtc(file);
            if (_seen.TryGetValue(file, out var before) && before == written)
                continue;
            _seen[file] = written;
            using var order = JsonDocument.Parse(File.ReadAllText(file));
            var o = order.RootElement;
            File.AppendAllText(Ledger(place), string.Create(CultureInfo.InvariantCulture,
                $"{o.GetProperty("reference").GetString()} {o.GetProperty("direction").GetString()} {o.GetProperty("amount").GetString()} {o.GetProperty("currency").GetString()}\n"));
        }
    }
}
