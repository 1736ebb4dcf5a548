using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Exeunt.App.Tests.Faults.Kit;
using Microsoft.EntityFrameworkCore;
using Shouldly;
using Xunit;
using Xunit.Abstractions;

namespace Exeunt.App.Tests.Faults;

/// <summary>
/// No file of the server may grow beyond a size (RLIMIT_FSIZE, which writes as a full disk does: not at all): what it could not save it does not
/// acknowledge, and says that it is not ready. A server with room again, on the same files, has everything that was acknowledged.
/// </summary>
public sealed class DiskFullTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Does_not_acknowledge_what_it_could_not_save()
    {
        await using var place = await Place.Make(null, 400);
        var acknowledged = new Acknowledged();
        var port = ServerProcess.FreePort();
        // Some kilobytes more than the largest file has now.
        var room = new DirectoryInfo(place.Options.Data).EnumerateFiles().Max(f => f.Length) / 1024 + 600;
        var (taken, refused) = (0, new List<(HttpStatusCode Status, string Code)>());
        await using (var server = ServerProcess.Start(place, port, shell: $"trap '' XFSZ; ulimit -f {room}"))
        {
            (await server.Ready()).ShouldNotBeNull(server.Said);
            using var http = new HttpClient { BaseAddress = server.Url };
            foreach (var person in place.People)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/applications")
                {
                    Content = JsonContent.Create(new { contractNumber = person.ContractNumber, name = person.Name, contact = person.Mail, reason = "PRICE/TOO_HIGH", words = new string('长', 900) }),
                    Headers = { { "Idempotency-Key", $"full {person.Nth}" } },
                };
                using var response = await http.SendAsync(request);
                var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
                if (response.IsSuccessStatusCode)
                {
                    taken++;
                    acknowledged.Add(new($"full {person.Nth}", "apply", body.GetProperty("caseId").GetGuid()));
                    acknowledged.AddCase(body.GetProperty("caseId").GetGuid(), body.GetProperty("number").GetString()!);
                    continue;
                }
                refused.Add((response.StatusCode, body.GetProperty("code").GetString()!));
                if (refused.Count >= 5)
                    break;
            }
            output.WriteLine($"{taken} taken, then {string.Join(", ", refused)}");
            refused.Count.ShouldBeGreaterThanOrEqualTo(5, "the room was not used up");
            refused.ShouldAllBe(r => r.Status == HttpStatusCode.ServiceUnavailable && r.Code == "cannot-save");
            using var ready = await http.GetAsync("/health/ready");
            ready.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            (await ready.Content.ReadAsStringAsync()).ShouldContain("writing");
            using var live = await http.GetAsync("/health/live");
            live.StatusCode.ShouldBe(HttpStatusCode.OK);
            server.HasExited.ShouldBeFalse();
        }
        taken.ShouldBeGreaterThan(0);
        (await Oracle.Judge(place, acknowledged)).ShouldBeEmpty();

        await using (var server = ServerProcess.Start(place, port))
        {
            (await server.Ready()).ShouldNotBeNull(server.Said);
            using var until = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var customer = new PatientClient(server.Url, null, acknowledged, until.Token);
            var person = place.People[taken];
            (await customer.Post("/api/applications", new { contractNumber = person.ContractNumber, name = person.Name, contact = person.Mail, reason = "PRICE/TOO_HIGH", words = new string('长', 900) }, $"full {person.Nth}")).Ok.ShouldBeTrue();
            await server.End();
        }
        (await Oracle.Judge(place, acknowledged)).ShouldBeEmpty();
        await using var db = place.Read();
        (await db.Cases.CountAsync()).ShouldBe(taken + 1);
    }

    [Fact]
    public async Task Goes_on_by_itself_when_there_is_room_again()
    {
        await using var place = await Place.Make(null, 300);
        var disk = Path.Combine(place.Root, "disk");
        Directory.CreateDirectory(disk);
        if (!await Mount(disk))
        {
            output.WriteLine("No small disk can be made here (needs root); the other test stands for it.");
            return;
        }
        try
        {
            var small = place.On(disk);
            var filler = Path.Combine(disk, "filler");
            await using var server = ServerProcess.Start(small, ServerProcess.FreePort());
            (await server.Ready()).ShouldNotBeNull(server.Said);
            Fill(filler);
            using var http = new HttpClient { BaseAddress = server.Url };
            var statuses = new List<HttpStatusCode>();
            foreach (var person in small.People)
            {
                using var response = await http.PostAsJsonAsync("/api/applications", new { contractNumber = person.ContractNumber, name = person.Name, contact = person.Mail, words = new string('长', 900) });
                statuses.Add(response.StatusCode);
                if (statuses.Count(s => s == HttpStatusCode.ServiceUnavailable) >= 3)
                    break;
            }
            statuses.ShouldContain(HttpStatusCode.ServiceUnavailable);
            statuses.ShouldAllBe(s => s == HttpStatusCode.OK || s == HttpStatusCode.Created || s == HttpStatusCode.ServiceUnavailable);
            using (var full = await http.GetAsync("/health/ready"))
                full.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
            File.Delete(filler);
            var freed = System.Diagnostics.Stopwatch.StartNew();
            while (true)
            {
                using var ready = await http.GetAsync("/health/ready");
                if (ready.StatusCode == HttpStatusCode.OK)
                    break;
                freed.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
                await Task.Delay(100);
            }
            using var again = await http.PostAsJsonAsync("/api/applications", new { contractNumber = small.People[^1].ContractNumber, name = "x", contact = small.People[^1].Mail });
            again.IsSuccessStatusCode.ShouldBeTrue();
            await server.End();
            (await Oracle.Judge(small, new Acknowledged())).Where(v => !v.StartsWith("I8", StringComparison.Ordinal)).ShouldBeEmpty();
        }
        finally
        {
            await Run("umount", "-l", disk);
        }
    }

    private static void Fill(string file)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var chunk = new byte[64 * 1024]; ;)
                stream.Write(chunk);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static async Task<bool> Mount(string folder) => await Run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", folder) == 0;

    private static async Task<int> Run(string program, params string[] words)
    {
        try
        {
            using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, words) { RedirectStandardError = true })!;
            await process.WaitForExitAsync();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
