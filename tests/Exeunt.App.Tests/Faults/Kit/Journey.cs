using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Exeunt.App.Platform;
using Exeunt.App.Tests.Harness;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Exeunt.Core.Procedures;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Tests.Faults.Kit;

/// <summary>
/// The people who work for the company in a scenario, each with a client of their own. Those who are not on the staff of a <see cref="Place"/>
/// are strangers to its server.
/// </summary>
public sealed class Colleagues(Place place, Uri at, Acknowledged acknowledged, CancellationToken until) : IDisposable
{
    public PatientClient Agent { get; } = new(at, place.Tokens[Role.Agent], acknowledged, until);
    public PatientClient Finance { get; } = new(at, place.Tokens[Role.Finance], acknowledged, until);
    public PatientClient Legal { get; } = new(at, place.Tokens[Role.Legal], acknowledged, until);
    public PatientClient Technical { get; } = new(at, place.Tokens[Role.Technical], acknowledged, until);
    public PatientClient Administrator { get; } = new(at, place.Tokens[Role.Administrator], acknowledged, until);
    public PatientClient Manager { get; } = new(at, place.Tokens.GetValueOrDefault(Role.AccountManager), acknowledged, until);
    public PatientClient Supervisor { get; } = new(at, place.Tokens.GetValueOrDefault(Role.Supervisor), acknowledged, until);
    public PatientClient Head { get; } = new(at, place.Tokens.GetValueOrDefault(Role.BranchHead), acknowledged, until);
    public PatientClient Officer { get; } = new(at, place.Tokens.GetValueOrDefault(Role.DataOfficer), acknowledged, until);

    /// <summary>The branch head at the pages.</summary>
    public PatientBrowser HeadsBrowser { get; } = new(at, place.Cookies.GetValueOrDefault(Role.BranchHead, ""), acknowledged, until);

    /// <summary>Moves the business date on. The key makes a repeated request the same request.</summary>
    public async Task Advance(int days, string key) => (await Administrator.Post("/api/clock/advance", new { days }, key)).Must("clock");

    public void Dispose()
    {
        foreach (var client in (IDisposable[])[Agent, Finance, Legal, Technical, Administrator, Manager, Supervisor, Head, Officer, HeadsBrowser])
            client.Dispose();
    }
}

/// <summary>
/// One customer's exit, from the application to the closed case, or the company's own ending, by people who do not know that the server is killed
/// under their hands: each command is sent until it is answered, and what comes later is waited for.
/// </summary>
public sealed partial class Journey(Place place, Person person, Colleagues staff, PatientClient customer, string run, CancellationToken until)
{
    /// <summary>A JPEG as far as anybody looks at it.</summary>
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF"u8, 0, 1, 2, 0xFF, 0xD9];

    /// <summary>Until somebody looks again for what they wait for: sixteen who looked all the time would take the server's processors.</summary>
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(150);

    private string _token = "";
    private ExitCase? _seen;
    private Action<Guid, string> _received = (_, _) => { };

    public Guid CaseId { get; private set; }

    /// <summary>Tells whoever keeps the list which number the applicant was given.</summary>
    public Journey Telling(Acknowledged acknowledged)
    {
        _received = acknowledged.AddCase;
        return this;
    }

    /// <summary>Applies, reads the code from the mail that came, and proves to be the customer.</summary>
    public async Task Apply()
    {
        var receipt = (await customer.Post("/api/applications", new { contractNumber = person.ContractNumber, name = person.Name, contact = person.Mail, reason = "PRICE/TOO_HIGH" }, Key("apply"))).Must("apply");
        (CaseId, _token) = (receipt.GetProperty("caseId").GetGuid(), receipt.GetProperty("token").GetString()!);
        _received(CaseId, receipt.GetProperty("number").GetString()!);
        (await customer.Post($"/api/progress/{_token}/code", null, Key("code"), CaseId)).Must("code");
        var tried = new HashSet<string>();
        while (true)
        {
            // A code typed wrong costs a try: only those that have not been tried.
            foreach (var code in Codes().Where(tried.Add))
                if (await customer.Post($"/api/progress/{_token}/identity", new { code }, Key("identity " + code), CaseId) is { Ok: true } opened)
                {
                    customer.Session = opened.Body.GetProperty("session").GetString();
                    return;
                }
            await Task.Delay(Look, until);
        }
    }

    /// <summary>The agent talks and offers, the customer declines, finance and legal approve: the case is scheduled.</summary>
    public async Task Agree()
    {
        // A page of the calendar may be turned meanwhile, and the case changes by itself.
        await Send(staff.Agent, $"/api/cases/{CaseId}/talk", new { reason = "SERVICE/SLOW", words = $"words of {Place.Canary}", channel = "phone", minutes = 12 }, "talk");
        await Send(staff.Agent, $"/api/cases/{CaseId}/offer", new { entry = "PAUSE", months = 3 }, "offer");
        await Send(customer, $"/api/progress/{_token}/offer", new { accept = false }, "decline");
        await Approve((await Until(c => c.SettlementDigest is not null)).SettlementDigest);
    }

    /// <summary>Waits for the last day to be over; somebody moves the date.</summary>
    public Task Due() => Until(c => c.State is CaseState.Executing or CaseState.WindingUp or CaseState.Closed);

    /// <summary>Does the technical work as it comes.</summary>
    public Task Execute() => Work(c => c.State != CaseState.Executing);

    private async Task Work(Func<ExitCase, bool> isDone)
    {
        var done = new HashSet<Guid>();
        while (!isDone(await Until(_ => true)))
        {
            foreach (var order in (await Orders()).Where(done.Add))
                await Send(staff.Technical, $"/api/work-orders/{order}/confirmation", null, $"work {order:N}");
            await Task.Delay(Look, until);
        }
    }

    /// <summary>The bank pays, its statement is read, and the customer answers the survey.</summary>
    public async Task Wind()
    {
        var file = Path.Combine(place.Options.World, "bank", "orders");
        var reference = await Reference();
        while (!File.Exists(Path.Combine(file, reference + ".json")))
            await Task.Delay(Look, until);
        using var order = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(file, reference + ".json"), until));
        var sign = order.RootElement.GetProperty("direction").GetString() == "Refund" ? "-" : "";
        var line = $"{TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)},{sign}{order.RootElement.GetProperty("amount").GetString()},CNY,settlement {reference}";
        await Send(staff.Finance, "/api/bank-files", new { content = $"date,amount,currency,text\n{line}\n" }, "bank file", done: "bank.file-known");
        while (true)
        {
            var survey = Mails().SelectMany(m => m.Links).FirstOrDefault(l => l.Contains("/survey/", StringComparison.Ordinal));
            if (survey is not null)
            {
                await Send(customer, $"/api/surveys/{survey.Split('/')[^1]}", new { handling = 5, clarity = 4, words = $"survey of {Place.Canary}" }, "survey");
                return;
            }
            await Task.Delay(Look, until);
        }
    }

    /// <summary>Waits for the case to close.</summary>
    public Task Close() => Until(c => c.State == CaseState.Closed);

    /// <summary>All of it, with the date moved in between.</summary>
    public async Task Whole()
    {
        await Apply();
        await Agree();
        await staff.Advance(31, Key("clock 1"));
        await Due();
        await Execute();
        await Wind();
        await staff.Advance(31, Key("clock 2"));
        await Close();
    }

    /// <summary>
    /// The company's own ending, all of it: opened with evidence, talked about, checked, decided by two people, noticed, wound down and paid.
    /// </summary>
    public async Task Offboarding()
    {
        var opened = (await staff.Manager.Post("/api/offboardings", new
        {
            customerId = person.Id, contractId = person.Id, ground = "OFFBOARD_BREACH", words = $"evidence of {Place.Canary}", facts = (string[])["Complaints"],
            files = new[] { new { name = "report.jpg", content = Photo } },
        }, Key("open"))).Must("open");
        CaseId = opened.GetProperty("caseId").GetGuid();
        _received(CaseId, opened.GetProperty("number").GetString()!);
        await Until(c => c.IsActive(StepKind.Talk));
        await Send(staff.Manager, $"/api/cases/{CaseId}/talk", new { reason = "CUSTOMER/FINANCIAL", words = $"words of {Place.Canary}", channel = "visit", minutes = 40 }, "talk");
        await Send(staff.Manager, $"/api/cases/{CaseId}/talk/conclusion", new { result = "GoesOn", words = $"heard {Place.Canary}" }, "conclusion");
        await Until(c => c.IsActive("check"));
        foreach (var item in (string[])["evidence", "alike", "complaints", "milder"])
            await Send(staff.Supervisor, $"/api/cases/{CaseId}/checks", new { item }, $"check {item}");
        await Until(c => c.IsActive("decide"));
        var decision = await Send(staff.Manager, $"/api/cases/{CaseId}/decision", new { codes = (string[])["A06", "A08"], reasons = $"Threats, told to {Place.Canary}." }, "decision");
        var digest = decision.GetProperty("digest").GetString();
        await Send(staff.Head, $"/api/cases/{CaseId}/decision/approval", new { digest, words = "I read it." }, "decided by the head");
        await Send(staff.Legal, $"/api/cases/{CaseId}/decision/approval", new { digest, words = "The ground holds." }, "decided by legal");
        // The notice is served, and with it the last day is known.
        await Until(c => c.IsActive("effective"));
        await staff.Advance(31, Key("clock 1"));
        await Work(c => c.IsActive("wind-down"));
        await Send(staff.Manager, $"/api/cases/{CaseId}/wind-down", null, "wind-down");
        await Approve((await Until(c => c.IsActive("approve") && c.SettlementDigest is not null)).SettlementDigest);
        await Work(c => c.HasEnded(StepKind.WorkOrders) && c.HasEnded(StepKind.HandOver));
        await Wind();
        await staff.Advance(31, Key("clock 2"));
        await Close();
    }

    private async Task Approve(string? digest)
    {
        await Send(staff.Legal, $"/api/cases/{CaseId}/approvals/legal", new { digest }, "legal");
        await Send(staff.Finance, $"/api/cases/{CaseId}/approvals/finance", new { digest }, "finance");
    }

    /// <summary>Sends a command about the case; who hears that it has changed meanwhile says the same again.</summary>
    /// <param name="done">The refusal that says that it was done already; null: there is none.</param>
    private async Task<JsonElement> Send(PatientClient who, string path, object? body, string what, string? done = null)
    {
        while (true)
        {
            var answer = await who.Post(path, body, Key(what), CaseId);
            if (!answer.Ok && done is not null && answer.Refusal == done)
                return default;
            if (answer.Ok || answer.Refusal != CommonRefusals.ChangedMeanwhile.Code)
                return answer.Must(what);
            await Task.Delay(Look, until);
        }
    }

    private string Key(string what) => $"{run} {person.Nth} {what}";

    private IReadOnlyList<ReceivedMail> Mails() => Mailbox.Of(place.Options.World, person.Mail);

    private IEnumerable<string> Codes() => Mails().Select(m => Digits().Match(m.Text)).Where(m => m.Success).Select(m => m.Value);

    /// <summary>Waits, by looking into the database as nobody's client: to ask the server would be audited each time.</summary>
    private async Task<ExitCase> Until(Func<ExitCase, bool> holds)
    {
        while (true)
        {
            if (await place.VersionOf(CaseId, until) is { } version && (_seen?.Id != CaseId || _seen.Version != version))
                await using (var db = place.Read())
                    _seen = await db.Cases.AsNoTracking().SingleAsync(c => c.Id == CaseId, until);
            if (_seen?.Id == CaseId && holds(_seen))
                return _seen;
            await Task.Delay(Look, until);
        }
    }

    private async Task<List<Guid>> Orders()
    {
        await using var db = place.Read();
        return await db.WorkOrders.AsNoTracking().Where(w => w.CaseId == CaseId && w.DoneAt == null).Select(w => w.Id).ToListAsync(until);
    }

    private async Task<string> Reference()
    {
        while (true)
        {
            await using (var db = place.Read())
                if (await db.PaymentOrders.AsNoTracking().Where(o => o.CaseId == CaseId).Select(o => o.Reference).FirstOrDefaultAsync(until) is { } reference)
                    return reference;
            await Task.Delay(Look, until);
        }
    }

    [GeneratedRegex(@"\b\d{8}\b")]
    private static partial Regex Digits();
}

/// <summary>The mails that reached a world. Each is read once, and the folder is looked at a few times a second, however many people wait for a mail.</summary>
public sealed class Mailbox
{
    private static readonly System.Collections.Concurrent.ConcurrentDictionary<string, Mailbox> Boxes = [];
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly string _folder;
    private readonly Dictionary<string, ReceivedMail> _known = [];
    private ILookup<string, ReceivedMail> _byReceiver = Array.Empty<ReceivedMail>().ToLookup(_ => "");
    private IReadOnlyList<ReceivedMail> _all = [];
    private long _looked;

    private Mailbox(string folder) => _folder = folder;

    /// <summary>The mails to an address, as of a moment ago.</summary>
    public static IReadOnlyList<ReceivedMail> Of(string world, string to)
    {
        var box = Box(world);
        lock (box)
        {
            if (System.Diagnostics.Stopwatch.GetElapsedTime(box._looked) > Look)
                box.Read();
            return [.. box._byReceiver[to]];
        }
    }

    /// <summary>All mails, as of now.</summary>
    public static IReadOnlyList<ReceivedMail> All(string world)
    {
        var box = Box(world);
        lock (box)
        {
            box.Read();
            return box._all;
        }
    }

    private static Mailbox Box(string world) => Boxes.GetOrAdd(Path.Combine(world, "mail"), folder => new Mailbox(folder));

    private void Read()
    {
        _looked = System.Diagnostics.Stopwatch.GetTimestamp();
        var mails = new List<ReceivedMail>();
        foreach (var file in (Directory.Exists(_folder) ? Directory.GetFiles(_folder, "*.eml") : []).Order(StringComparer.Ordinal))
        {
            if (!_known.TryGetValue(file, out var mail))
            {
                try
                {
                    mail = ReceivedMail.Parse(File.ReadAllBytes(file));
                }
                catch (Exception e) when (e is FormatException or IOException)
                {
                    // Being written, or left half by a kill: the oracle looks at it when all is quiet.
                    continue;
                }
                // One that was just written may go on.
                if (TimeProvider.System.GetUtcNow() - File.GetLastWriteTimeUtc(file) > TimeSpan.FromSeconds(1))
                    _known[file] = mail;
            }
            mails.Add(mail);
        }
        (_all, _byReceiver) = (mails, mails.ToLookup(m => Address(m.To), StringComparer.OrdinalIgnoreCase));
    }

    private static string Address(string to) => to[(to.LastIndexOf('<') + 1)..].TrimEnd('>', ' ');
}
