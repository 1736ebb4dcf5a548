using System.Net;
using System.Net.Sockets;
using System.Text;
using Exeunt.App.Tests.Faults.Kit;
using Shouldly;
using Xunit;

namespace Exeunt.App.Tests.Faults;

/// <summary>What the clients of the fault tests take for "not now", and what for a fault.</summary>
public sealed class PatientClientTests
{
    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("502 Bad Gateway")]
    [InlineData("504 Gateway Timeout")]
    public async Task A_fault_that_is_answered_is_written_down(string status) =>
        (await Hears($"HTTP/1.1 {status}\r\nContent-Length: 6\r\nConnection: close\r\n\r\nbroken")).ShouldBe([$"POST /x answered {status[..3]}: broken"]);

    [Theory]
    [InlineData("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    // Cut by a kill.
    [InlineData("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 60\r\nConnection: close\r\n\r\nbro")]
    [InlineData("HTTP/1.1 5")]
    [InlineData("")]
    public async Task Not_now_is_no_fault(string answer) => (await Hears(answer)).ShouldBeEmpty();

    /// <summary>Asks a server that says this at first and then 200.</summary>
    private static async Task<IReadOnlyCollection<string>> Hears(string first)
    {
        using var server = new TcpListener(IPAddress.Loopback, 0);
        server.Start();
        var answering = Task.Run(async () =>
        {
            foreach (var answer in (string[])[first, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}"])
            {
                using var connection = await server.AcceptTcpClientAsync();
                var stream = connection.GetStream();
                var asked = new byte[4096];
                for (var read = 0; !Encoding.ASCII.GetString(asked, 0, read).Contains("\r\n\r\n", StringComparison.Ordinal);)
                    read += await stream.ReadAsync(asked.AsMemory(read));
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
            }
        });
        var acknowledged = new Acknowledged();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using (var client = new PatientClient(new Uri($"http://127.0.0.1:{((IPEndPoint)server.LocalEndpoint).Port}"), null, acknowledged, patience.Token))
            (await client.Post("/x", null, "key")).Ok.ShouldBeTrue();
        await answering;
        acknowledged.Commands.ShouldHaveSingleItem();
        return acknowledged.Faults;
    }
}
