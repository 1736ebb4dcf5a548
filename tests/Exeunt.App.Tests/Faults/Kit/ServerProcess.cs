using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Exeunt.App.Platform;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>The built server as a process of its own, <c>exeunt serve</c> on a <see cref="Place"/>, or another of its commands. Ends with whoever started it.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly HttpClient Probe = new() { Timeout = TimeSpan.FromSeconds(3) };
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<ServerProcess, bool> Alive = [];
    private readonly Process _process;
    private readonly Place _place;
    private readonly StringBuilder _said = new();
    private readonly long _began = Stopwatch.GetTimestamp();

    private readonly long _killAt;

    private static volatile bool _ending;

    // Whoever is told to stop takes the servers it has started along, and starts no other.
    static ServerProcess() => AppDomain.CurrentDomain.ProcessExit += (_, _) =>
    {
        _ending = true;
        foreach (var server in Alive.Keys.Where(s => !s.HasExited))
            server._process.Kill();
    };

    private ServerProcess(Process process, Place place, Uri url, long killAt) => (_process, _place, Url, _killAt) = (process, place, url, killAt);

    public Uri Url { get; }

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The last words of the process, for a report.</summary>
    public string Said
    {
        get
        {
            lock (_said)
                return _said.ToString();
        }
    }

    /// <param name="killAt">The failpoint at which it dies, counted from 1; 0: none.</param>
    /// <param name="shell">What a shell does before the server takes its place ("ulimit -f 100").</param>
    /// <param name="more">Further options of <c>serve</c>.</param>
    public static ServerProcess Start(Place place, int port, long killAt = 0, string? shell = null, params string[] more) =>
        Run(place, new Uri($"http://127.0.0.1:{port}"), ["serve", "--no-demo", "--port", $"{port}", .. more], killAt, shell);

    /// <summary>Starts another command than <c>serve</c>.</summary>
    /// <param name="killAt">The failpoint at which it dies, counted from 1; 0: none. It passes some only after it has opened the stores.</param>
    public static ServerProcess Command(Place place, IReadOnlyList<string> command, long killAt = 0) => Run(place, new Uri("http://127.0.0.1"), command, killAt, null);

    private static ServerProcess Run(Place place, Uri url, IReadOnlyList<string> command, long killAt, string? shell)
    {
        List<string> words = ["dotnet", File, .. command, "--data", place.Options.Data, "--world", place.Options.World, "--master-key", place.Options.MasterKey!];
        if (place.Options.Database is { } database)
            words.AddRange(["--database", database]);
        var start = new ProcessStartInfo(shell is null ? words[0] : "/bin/bash") { WorkingDirectory = place.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        if (shell is not null)
            // The server takes the shell's place, and with it the number by which it is killed.
            words = ["bash", "-c", shell + "; exec \"$@\"", "bash", .. words];
        foreach (var word in words.Skip(1))
            start.ArgumentList.Add(word);
        start.Environment[Failpoint.Variable] = string.Create(CultureInfo.InvariantCulture, $"{killAt} {place.Key}");
        start.Environment["EXEUNT_RATE_SLACK"] = "10000";
        // What it leaves there when it is killed goes with the place.
        start.Environment["TMPDIR"] = place.Root;
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Its double mapping of code needs a file larger than a test may allow.
        start.Environment["DOTNET_EnableWriteXorExecute"] = "0";
        var server = new ServerProcess(Process.Start(start)!, place, url, killAt);
        Alive[server] = true;
        if (_ending)
            server._process.Kill();
        server._process.OutputDataReceived += server.Hear;
        server._process.ErrorDataReceived += server.Hear;
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        return server;
    }

    /// <summary>Waits until it says it is ready; how long that took, or null when it died first.</summary>
    /// <param name="since">A timestamp from which that is counted; null: its start.</param>
    /// <exception cref="TimeoutException">It lives and is not ready within three minutes: it hangs. How long is too long is for who asks.</exception>
    public async Task<TimeSpan?> Ready(long? since = null)
    {
        var began = since ?? _began;
        while (true)
        {
            if (HasExited)
                return null;
            try
            {
                using var answer = await Probe.GetAsync(new Uri(Url, "/health/ready"));
                if (answer.StatusCode == HttpStatusCode.OK)
                    return Stopwatch.GetElapsedTime(began);
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or TaskCanceledException)
            {
                // Not listening yet, or not any more.
            }
            if (Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(3))
                throw new TimeoutException($"Not ready after three minutes:\n{Said}");
            await Task.Delay(15);
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task Kill()
    {
        if (!HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Stops it as Ctrl-C would.</summary>
    public async Task End()
    {
        if (!HasExited)
            _ = Signal(_process.Id, 15);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await Kill();
        }
    }

    /// <summary>Waits until it dies by itself, or the time is over.</summary>
    public async Task<bool> Dies(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The failpoint at which it killed itself; null when it ended in another way.</summary>
    public Point? DiedAt(Place place)
    {
        // 128 + 9, as a shell says it; the killer from outside leaves a trace as well, that is shorter than what was asked for.
        var trace = Path.Combine(place.Options.Data, Failpoint.TraceFile);
        return _killAt > 0 && _process.ExitCode == 137 && System.IO.File.Exists(trace) && System.IO.File.ReadAllBytes(trace) is { Length: > 0 } bytes && bytes.Length == _killAt ? (Point)bytes[^1] : null;
    }

    /// <summary>Freezes it (SIGSTOP): it lives, holds its connections, and does nothing.</summary>
    public void Freeze() => _ = Signal(_process.Id, 19);

    /// <summary>Lets it go on (SIGCONT).</summary>
    public void Thaw() => _ = Signal(_process.Id, 18);

    public async ValueTask DisposeAsync()
    {
        await Kill();
        Alive.TryRemove(this, out _);
        _process.Dispose();
    }

    /// <summary>A port that is free now; a server keeps it over its restarts.</summary>
    public static int FreePort()
    {
        // Below the range from which the system takes those of outgoing connections.
        for (var tries = 0; ; tries++)
        {
            var port = System.Security.Cryptography.RandomNumberGenerator.GetInt32(12_000, 19_000);
            try
            {
                using var v4 = new TcpListener(IPAddress.Loopback, port);
                v4.Start();
                return port;
            }
            catch (SocketException) when (tries < 50)
            {
                // Taken: another one.
            }
        }
    }

    /// <summary>The server as it ships, where the script that started this has just built it (<c>./test</c>, <c>./bench</c>); else the one built beside the tests.</summary>
    private static string File { get; } = Environment.GetEnvironmentVariable("EXEUNT_TEST_SERVER") is { Length: > 0 } shipped ? shipped : Beside();

    private static string Beside()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Exeunt.slnx")))
                return new[] { "release", "debug" }.Select(kind => Path.Combine(folder.FullName, "artifacts", "bin", "Exeunt.App", kind, "Exeunt.App.dll")).First(System.IO.File.Exists);
        throw new InvalidOperationException("The tests run in the project's folder.");
    }

    private void Hear(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is { } words && InClear.Has(words))
            _place.Overheard.Enqueue(words);
        lock (_said)
        {
            _said.AppendLine(line.Data);
            if (_said.Length > 20_000)
                _said.Remove(0, _said.Length - 15_000);
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
