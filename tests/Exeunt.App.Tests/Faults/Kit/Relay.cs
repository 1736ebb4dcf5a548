using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// Stands between a server and its PostgreSQL, and is away when it is told to be: every connection ends in the middle of what it was doing, and none is
/// taken until it is back. To the server it is a database that was restarted, or a network that broke.
/// </summary>
internal sealed class Relay : IAsyncDisposable
{
    private readonly string _host;
    private readonly int _port;
    private readonly ConcurrentDictionary<Socket, Socket> _pairs = [];
    private readonly List<Task> _tasks = [];
    private TcpListener? _listener;

    /// <summary>How many messages are handed on before it leaves; negative: it stays.</summary>
    private int _messages = -1;

    private Relay(NpgsqlConnectionStringBuilder server) => (_host, _port) = (server.Host!, server.Port);

    public int Port { get; private set; }

    public static Relay To(string server)
    {
        var relay = new Relay(new NpgsqlConnectionStringBuilder(server)) { Port = ServerProcess.FreePort() };
        relay.Return();
        return relay;
    }

    /// <summary>Leaves when so many more messages have come from the server, before it hands on the next.</summary>
    public void LeaveAfter(int messages) => Interlocked.Exchange(ref _messages, messages);

    /// <summary>Ends every connection and takes none any more.</summary>
    /// <param name="hard">By a reset, as a machine that is gone; else by an end, as a server that is stopped.</param>
    public void Leave(bool hard)
    {
        _listener?.Stop();
        _listener = null;
        foreach (var (from, to) in _pairs)
        {
            try
            {
                if (hard)
                    from.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // It has just ended by itself.
            }
            from.Dispose();
            to.Dispose();
        }
        _pairs.Clear();
    }

    /// <summary>Is there again; once it is, nothing more.</summary>
    public void Return()
    {
        Interlocked.Exchange(ref _messages, -1);
        if (_listener is not null)
            return;
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Start();
        _tasks.RemoveAll(t => t.IsCompleted);
        _tasks.Add(Take(_listener));
    }

    public async ValueTask DisposeAsync()
    {
        Leave(hard: false);
        await Task.WhenAll(_tasks);
    }

    private async Task Take(TcpListener listener)
    {
        try
        {
            while (true)
                _ = Join(await listener.AcceptSocketAsync(), listener);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // It left.
        }
    }

    private async Task Join(Socket from, TcpListener through)
    {
        var to = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        from.NoDelay = true;
        try
        {
            await to.ConnectAsync(_host, _port);
            _pairs[from] = to;
            // It left while this one was made.
            if (_listener != through)
                return;
            await Task.WhenAny(Carry(from, to, counts: true), Carry(to, from, counts: false));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
        finally
        {
            _pairs.TryRemove(from, out _);
            from.Dispose();
            to.Dispose();
        }
    }

    private async Task Carry(Socket from, Socket to, bool counts)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var read)
            {
                if (counts && Volatile.Read(ref _messages) >= 0 && Interlocked.Decrement(ref _messages) < 0)
                {
                    Leave(hard: true);
                    return;
                }
                for (var sent = 0; sent < read;)
                    sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
