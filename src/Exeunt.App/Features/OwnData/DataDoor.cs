using System.Security.Cryptography;
using System.Text;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.DataProtection;

namespace Exeunt.App.Features.OwnData;

/// <summary>
/// The way to one's own data without a case: contract number and contact, then a code to the contact on file. The code gives a session, a
/// cookie or a header; link and session together open the door, for a day from its beginning, and only while the mailbox that got the code
/// is the one on file. What was typed is sealed like an application's draft, and stands in its table.
/// </summary>
public sealed class DataDoors(Drafts drafts, CustomerMatch match, IDataProtectionProvider protection)
{
    public const string Cookie = "exeunt.own-data";
    public const string Header = "Own-Data-Session";
    private readonly IDataProtector _protector = protection.CreateProtector("own-data-session");

    public Task<(Draft Draft, Typed Typed)?> Find(string token, DateTimeOffset now, CancellationToken ct) => drafts.Find(token, now, ct, DraftKind.OwnData);

    /// <summary>Whose data lies behind a door, and the contract number that was typed; null while it is closed to whoever asks.</summary>
    public async Task<(CustomerMatch.Found Found, string Number)?> Behind(string token, string? session, DateTimeOffset now, CancellationToken ct) =>
        Read(session) is { } given && await Find(token, now, ct) is var (draft, typed) && given.Draft == Convert.ToHexStringLower(draft.TokenHash)
            && await match.Find(typed, ct) is { } found && given.Mailbox == MailboxOf(found) ? (found, typed.ContractNumber) : null;

    /// <summary>A session for whoever gave the code that went to this customer's mailbox.</summary>
    public string Session(Draft draft, CustomerMatch.Found found) => _protector.Protect($"{Convert.ToHexStringLower(draft.TokenHash)}|{MailboxOf(found)}");

    public static string? SessionOf(HttpContext http) => http.Request.Headers[Header].ToString() is { Length: > 0 } header ? header : http.Request.Cookies[Cookie];

    /// <summary>Keeps the session in the browser; null forgets it.</summary>
    public static void Remember(HttpContext http, string? session)
    {
        var how = new CookieOptions { HttpOnly = true, SameSite = SameSiteMode.Lax, IsEssential = true, Path = "/own-data", MaxAge = Drafts.Lifetime };
        if (session is null)
            http.Response.Cookies.Delete(Cookie, how);
        else
            http.Response.Cookies.Append(Cookie, session, how);
    }

    private (string Draft, string Mailbox)? Read(string? session)
    {
        if (string.IsNullOrEmpty(session))
            return null;
        try
        {
            var parts = _protector.Unprotect(session).Split('|');
            return (parts[0], parts[1]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static string MailboxOf(CustomerMatch.Found found) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(found.Contact.Mail is { } mail ? SearchStore.Normal(TokenKind.Mail, mail) : "")));

    /// <summary>What the limits of codes say here, where there is no application that could be sent without one.</summary>
    internal static Refusal Said(Refusal no) =>
        no.Code is not ("code.enough-today" or "code.paused") ? no : no with
        {
            English = "No more codes are sent for now. Come back tomorrow, or ask by letter, phone or visit.", Chinese = "暂不再发送验证码。请明日再试，或来信、来电、到店提出。",
        };

    public static readonly Refusal Gone = new(RefusalKind.NotFound, "own-data.door-gone",
        "This page is closed: a day is over, the code is missing, or the link is not right. Please start again.", "该页面已关闭：已超过一天、尚未验证或链接有误。请重新开始。");
}

/// <summary>First page of the way: which contract, how we know you. A code goes to the contact on file, if both fit; nothing else tells.</summary>
public sealed class StartDataDoor(AppDb db, Drafts drafts, CustomerMatch match, Challenges challenges) : UseCase<StartDataDoor.Request, StartDataDoor.Started>(db)
{
    public sealed record Request(string? ContractNumber, string? Contact);

    public sealed record Started(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Started>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (Intake.Check(request.ContractNumber, "-", request.Contact) is { } no)
            return no;
        var typed = new Typed(request.ContractNumber!.Trim(), "-", request.Contact!.Trim());
        var (token, subject) = (Secrets.Token(), Intake.NewSubject());
        var hash = Secrets.Hash(token);
        Db.Drafts.Add(new Draft { TokenHash = hash, Subject = subject, Kind = DraftKind.OwnData, Data = await drafts.Seal(subject, hash, typed, ct), CreatedAt = call.Now });
        Db.Enqueue(ForgetDraft.Of(hash, call));
        Db.Audit(call, "own-data.door-started", "draft");
        if (await challenges.Stage(call, hash, null, await match.Find(typed, ct), typed.Contact, ct) is { } wait)
            return DataDoors.Said(wait);
        return await Commit(new Started(token), ct);
    }
}

/// <summary>Sends another code.</summary>
public sealed class ResendDoorCode(AppDb db, DataDoors doors, CustomerMatch match, Challenges challenges) : UseCase<ResendDoorCode.Request, Done>(db)
{
    public sealed record Request(string Token);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await doors.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return DataDoors.Gone;
        return await challenges.Stage(call, draft.TokenHash, null, await match.Find(typed, ct), typed.Contact, ct) is { } wait ? DataDoors.Said(wait) : await Commit(Done.It, ct);
    }
}

/// <summary>Checks the code and gives the session that opens the door.</summary>
public sealed class ProveDoor(AppDb db, DataDoors doors, CustomerMatch match, Challenges challenges) : UseCase<ProveDoor.Request, ProveDoor.Proven>(db)
{
    public sealed record Request(string Token, string? Code);

    /// <param name="Session">To be sent back as cookie or header (<see cref="DataDoors.Header"/>).</param>
    public sealed record Proven(string Session);

    public override Permission Needs => Permission.Public;

    protected override async Task<Outcome<Proven>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await doors.Find(request.Token, call.Now, ct) is not var (draft, typed))
            return DataDoors.Gone;
        if (await challenges.Prove(call, draft, request.Code, ct) is { } no)
            return DataDoors.Said(no);
        // A right code went to somebody; that they are not on file any more is as if the door were gone.
        return await match.Find(typed, ct) is { } found ? new Proven(doors.Session(draft, found)) : DataDoors.Gone;
    }
}
