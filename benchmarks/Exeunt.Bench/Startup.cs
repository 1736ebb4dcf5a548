using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Exeunt.Bench;

/// <summary>The server as people start it: a process, until it answers that it is ready.</summary>
internal static class Startup
{
    private const string Target = "target: at most";

    public static async Task<IReadOnlyList<Row>> Run()
    {
        var folder = Directory.CreateTempSubdirectory("exeunt-bench-").FullName;
        try
        {
            var (first, _) = await Start(folder, demo: true);
            var later = new List<(double Seconds, double Megabytes)>();
            for (var i = 0; i < 5; i++)
                later.Add(await Start(folder, demo: true));
            var (empty, _) = await Start(folder + "-empty", demo: false);
            return
            [
                new("first start, demo company loaded", first, "s"),
                new("first start without demo", empty, "s"),
                new("second start to ready, median of 5", later.Select(l => l.Seconds).Order().ElementAt(2), "s", Target, 3),
                new("second start to ready, worst of 5", later.Max(l => l.Seconds), "s", Target, 3),
                new("resident memory when ready", later.Select(l => l.Megabytes).Order().ElementAt(2), "MB"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            if (Directory.Exists(folder + "-empty"))
                Directory.Delete(folder + "-empty", recursive: true);
        }
    }

    private static async Task<(double Seconds, double Megabytes)> Start(string folder, bool demo)
    {
        var port = FreePort();
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = Directory.CreateDirectory(folder).FullName, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        List<string> arguments =
        [
            Path.Combine(Places.Root, "artifacts", "run", "Exeunt.App.dll"), "serve", "--port", port.ToString(CultureInfo.InvariantCulture),
            "--data", Path.Combine(folder, "data"), "--master-key", Path.Combine(folder, "master.key"),
        ];
        var invoices = Path.Combine(Places.Root, "..", "shared", "data", "online_retail_invoices.csv");
        if (!demo)
            arguments.Add("--no-demo");
        else if (File.Exists(invoices))
            arguments.AddRange(["--demo-data", Path.GetFullPath(invoices)]);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_TieredPGO"] = "0";
        var watch = Stopwatch.StartNew();
        using var server = Process.Start(start)!;
        var said = new System.Text.StringBuilder();
        server.OutputDataReceived += (_, line) => said.AppendLine(line.Data);
        server.ErrorDataReceived += (_, line) => said.AppendLine(line.Data);
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        try
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromSeconds(10) };
            while (true)
            {
                if (server.HasExited)
                    throw new InvalidOperationException($"The server ended with {server.ExitCode}:\n{said}");
                if (watch.Elapsed > TimeSpan.FromMinutes(3))
                    throw new InvalidOperationException($"The server was not ready after three minutes:\n{said}");
                try
                {
                    using var answer = await client.GetAsync(new Uri("/health/ready", UriKind.Relative));
                    if (answer.IsSuccessStatusCode)
                        break;
                }
                catch (HttpRequestException)
                {
                    // Not listening yet.
                }
                await Task.Delay(10);
            }
            var seconds = watch.Elapsed.TotalSeconds;
            server.Refresh();
            return (seconds, server.WorkingSet64 / 1024.0 / 1024.0);
        }
        finally
        {
            if (!server.HasExited)
            {
                // As Ctrl-C would: the next start must find the data closed properly.
                _ = Signal(server.Id, 15);
                if (!server.WaitForExit(30_000))
                    server.Kill();
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
