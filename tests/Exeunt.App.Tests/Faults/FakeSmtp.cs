using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Exeunt.App.Tests.Faults;

/// <summary>What a mail server does with what it is given.</summary>
public enum SmtpMood
{
    Takes,

    /// <summary>Accepts the connection and says nothing.</summary>
    Hangs,

    /// <summary>Takes the whole mail and then says nothing.</summary>
    HangsAtTheEnd,

    /// <summary>450 to the address: come back later.</summary>
    Busy,

    /// <summary>550 to the address: never.</summary>
    Refuses,

    /// <summary>554 after the mail.</summary>
    RefusesTheMail,

    /// <summary>Takes the whole mail, keeps it, and hangs up instead of saying so.</summary>
    TakesAndHangsUp,

    /// <summary>Not there.</summary>
    Down,
}

/// <summary>A mail server on loopback that can be in a bad mood.</summary>
public sealed class FakeSmtp : IDisposable
{
    private readonly CancellationTokenSource _closed = new();
    private readonly ConcurrentQueue<string> _mails = [];
    private TcpListener? _listener;
    private int _connections;
    private SmtpMood _mood;

    public FakeSmtp()
    {
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = Accept(_listener);
    }

    public int Port { get; }

    public string Address => $"127.0.0.1:{Port}";

    public int Connections => _connections;

    /// <summary>The mails it has, as they came.</summary>
    public IReadOnlyCollection<string> Mails => _mails;

    public SmtpMood Mood
    {
        get => _mood;
        set
        {
            _mood = value;
            if (value == SmtpMood.Down)
            {
                _listener?.Stop();
                _listener = null;
            }
            else if (_listener is null)
            {
                _listener = new TcpListener(IPAddress.Loopback, Port);
                _listener.Start();
                _ = Accept(_listener);
            }
        }
    }

    public void Dispose()
    {
        _closed.Cancel();
        _listener?.Stop();
        _closed.Dispose();
    }

    private async Task Accept(TcpListener listener)
    {
        try
        {
            while (true)
                _ = Serve(await listener.AcceptTcpClientAsync(_closed.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Closed.
        }
    }

    private async Task Serve(TcpClient connection)
    {
        Interlocked.Increment(ref _connections);
        using var client = connection;
        try
        {
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.Latin1);
            if (Mood == SmtpMood.Hangs)
                await Task.Delay(TimeSpan.FromMinutes(5), _closed.Token);
            await Say("220 fake");
            while (await reader.ReadLineAsync(_closed.Token) is { } line)
            {
                var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                if (verb == "RCPT" && Mood is SmtpMood.Busy or SmtpMood.Refuses)
                    await Say(Mood == SmtpMood.Busy ? "450 later" : "550 nobody here");
                else if (verb == "DATA")
                {
                    await Say("354 go on");
                    var mail = new StringBuilder();
                    while (await reader.ReadLineAsync(_closed.Token) is { } text && text != ".")
                        mail.Append(text).Append("\r\n");
                    if (Mood == SmtpMood.HangsAtTheEnd)
                        await Task.Delay(TimeSpan.FromMinutes(5), _closed.Token);
                    if (Mood == SmtpMood.RefusesTheMail)
                    {
                        await Say("554 no");
                        continue;
                    }
                    _mails.Enqueue($"{mail}");
                    if (Mood == SmtpMood.TakesAndHangsUp)
                        return;
                    await Say("250 taken");
                }
                else if (verb == "QUIT")
                {
                    await Say("221 bye");
                    return;
                }
                else
                    await Say("250 ok");
            }

            async Task Say(string words) => await stream.WriteAsync(Encoding.Latin1.GetBytes(words + "\r\n"), _closed.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The other side went away.
        }
    }
}
