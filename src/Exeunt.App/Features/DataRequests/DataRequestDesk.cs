using System.Text.Json;
using Exeunt.App.Data;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Rules;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Calendar;
using Exeunt.Core.Cases;
using Exeunt.Core.DataRequests;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.DataRequests;

/// <summary>Takes requests in with their clock, and writes what the customer is told: receipt, extension, answer.</summary>
public sealed class DataRequestDesk(AppDb db, Vault vault, RuleBook rules, CalendarBook calendars, Post post, Erasure.Locks locks)
{
    public const int MaxWords = 4000;

    /// <summary>Open requests of one customer at a time.</summary>
    public const int MaxOpen = 5;

    /// <summary>Days before its due date on which people are reminded.</summary>
    public const int ReminderDays = 5;

    /// <summary>A request of a customer in the caller's units, with whom it is about; null when there is none, or it is not theirs to see.</summary>
    public async Task<(DataRequest Row, DataOwner.Found Who)?> Find(Guid id, Permission needs, Call call, CancellationToken ct)
    {
        if (await db.Set<DataRequest>().SingleOrDefaultAsync(r => r.Id == id, ct) is not { } row)
            return null;
        var customer = await db.Customers.AsNoTracking().SingleAsync(c => c.Id == row.CustomerId, ct);
        if (!(await VisibleUnits.Of(db, call.Actor, needs, ct)).Holds(customer.UnitId))
            return null;
        var exit = row.CaseId is { } caseId ? await db.Cases.AsNoTracking().SingleOrDefaultAsync(c => c.Id == caseId, ct) : null;
        return (row, new(customer, exit, exit?.Number ?? row.Number));
    }

    /// <summary>What somebody asks.</summary>
    /// <param name="Mail">For a correction: the right mail address; null: that is not what is wrong. The same for the phone.</param>
    public sealed record Asked(DataRequestKind? Kind, string? Words, string? Mail = null, string? Phone = null)
    {
        /// <summary>The contact that is asked for; null: none is.</summary>
        public CustomerContact? Contact => (Typed(Mail), Typed(Phone)) is (null, null) ? null : new(Typed(Mail), Typed(Phone), null);

        internal static string? Typed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
    }

    /// <summary>Stages a request; the caller saves.</summary>
    public async Task<Outcome<DataRequest>> Stage(DataOwner.Found who, Asked asked, DataRequestProof proof, DateOnly receivedOn, Call call, CancellationToken ct)
    {
        var words = asked.Words;
        if (asked.Kind is not { } what || !Enum.IsDefined(what))
            return CommonRefusals.Required("kind");
        if (asked.Contact is { } wanted && await Unfit(who, what, wanted, ct) is { } not)
            return not;
        if (what == DataRequestKind.Correct && asked.Contact is null && string.IsNullOrWhiteSpace(words))
            return CommonRefusals.Required("words");
        if (!string.IsNullOrWhiteSpace(words) && CommonRefusals.Unfit("words", words, MaxWords, out var unfit))
            return unfit;
        var (customer, exit) = (who.Customer, who.Exit);
        var open = await db.Set<DataRequest>().AsNoTracking().Where(r => r.CustomerId == customer.Id && r.State == DataRequestState.Open).Select(r => r.Kind).ToListAsync(ct);
        if (open.Contains(what))
            return DataRequestRefusals.AskedAlready;
        if (open.Count >= MaxOpen)
            return DataRequestRefusals.TooMany;
        // Without a case the newest contract says whose law it is.
        var contracts = db.Contracts.AsNoTracking().Where(c => c.CustomerId == customer.Id);
        var place = (exit is null ? await contracts.OrderByDescending(c => c.StartOn).ThenByDescending(c => c.Id).Select(c => c.Jurisdiction).FirstOrDefaultAsync(ct)
            : await contracts.Where(c => c.Id == exit.ContractId).Select(c => c.Jurisdiction).SingleOrDefaultAsync(ct)) ?? customer.Country;
        var law = DataRequestClock.LawOf(place);
        var at = law == DataRequestLaw.Europe ? "EU" : law == DataRequestLaw.California ? "US" : "CN";
        var pack = law == DataRequestLaw.California ? null : (await rules.For(at, receivedOn, ct)).Single(p => p.Jurisdiction == at);
        var clock = DataRequestClock.Of(law, receivedOn, pack, await calendars.For(law == DataRequestLaw.Europe ? place! : at, ct));
        var serial = 1 + (await db.Set<DataRequest>().AsNoTracking().MaxAsync(r => (long?)r.Serial, ct) ?? 0);
        var request = new DataRequest
        {
            Id = Guid.CreateVersion7(), Serial = serial, Number = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"G-{receivedOn.Year}-{serial:D6}"), CustomerId = customer.Id, CaseId = exit?.Id, Kind = what,
            Proof = proof, Law = law, ReceivedAt = receivedOn < call.Today(who.Zone) ? Clocks.StartOf(receivedOn, who.Zone) : call.BusinessNow, ReceivedBy = call.Actor.Id, DueOn = clock.DueOn, ReceiptBy = clock.ReceiptBy, ExtendableUntil = clock.ExtendedUntil,
            TextId = string.IsNullOrWhiteSpace(words) ? null : await Text(customer, exit?.Id, words.Trim(), ct),
            WantedId = asked.Contact is { } contact ? await Keep(customer, contact, ct) : null,
        };
        db.Add(request);
        db.Audit(call, "data-request.received", $"data-request:{request.Id:N}", new { request.Number, request.Kind, request.Law, receivedOn, request.DueOn, caseId = exit?.Id });
        var t = Texts.In(who.Language);
        await Tell(request, who, "mail.data-request.receipt", [request.Number, t[$"data-request.kind.{what}"], t.Date(request.DueOn)], call, ct);
        var near = request.DueOn.AddDays(-ReminderDays);
        db.Enqueue(Effect.At(Clocks.StartOf(near < receivedOn ? receivedOn : near, Clocks.CompanyZone), DataRequestNear.Kind, $"{DataRequestNear.Kind}|{request.Id:N}|{request.DueOn:yyyyMMdd}", new DataRequestNear.What(request.Id), exit?.Id));
        return request;
    }

    /// <summary>Stages a mail about a request, when the contact is still there.</summary>
    public async Task Tell(DataRequest request, DataOwner.Found who, string key, object[] arguments, Call call, CancellationToken ct)
    {
        var (customer, t) = (who.Customer, Texts.In(who.Language));
        var address = (await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct))?.Mail;
        db.Audit(call, address is null ? "data-request.not-told" : "data-request.told", $"data-request:{request.Id:N}", new { letter = key });
        if (address is not null)
            await post.Stage(call, who.Exit?.Id, customer.Id, DataClass.Contact, new MailContent(address, t[key + ".subject", arguments], t[key + ".body", arguments], []), ct);
    }

    /// <summary>Whether a customer can come to their data without a case: by a contract and a mail address on file.</summary>
    public async Task<bool> HasDoor(Customer customer, CancellationToken ct) => await CanReach(customer, ct) && await db.Contracts.AsNoTracking().AnyAsync(c => c.CustomerId == customer.Id && c.NumberToken != null, ct);

    /// <summary>Whether there is a mail address to write to.</summary>
    public async Task<bool> CanReach(Customer customer, CancellationToken ct) =>
        (await vault.Open<CustomerContact>(customer.Id, DataClass.Contact, CustomerTable.ContactPlace, customer.Row, customer.Contact, ct))?.Mail is not null;

    /// <summary>Seals words about a request: they die with the profile, after it with the contact, after that with the name. Of whom all that is erased no words are kept (null).</summary>
    private async Task<Guid?> Text(Customer customer, Guid? caseId, string words, CancellationToken ct)
    {
        if (await CustomerWords.ClassOf(customer, DataClass.Profile, vault, ct) is not { } dataClass)
            return null;
        var id = Guid.CreateVersion7();
        db.Texts.Add(new PersonalText
        {
            Id = id, Subject = customer.Id, Class = dataClass, CaseId = caseId, Kind = "data-request", Data = await vault.Seal(customer.Id, dataClass, PersonalText.Place, id.ToString("N"), words, ct),
        });
        return id;
    }

    /// <summary>Why a contact cannot be asked for; null: it can.</summary>
    private async Task<Refusal?> Unfit(DataOwner.Found who, DataRequestKind kind, CustomerContact wanted, CancellationToken ct)
    {
        if (kind != DataRequestKind.Correct)
            return DataRequestRefusals.OnlyCorrected;
        // With a case they change there, where identity has levels.
        if (who.Exit is not null)
            return DataRequestRefusals.ThroughTheCase;
        foreach (var (field, text) in new[] { ("mail", wanted.Mail), ("phone", wanted.Phone) })
            if (text is not null && CommonRefusals.UnfitLine(field, text, FulfilDataRequest.MaxName, out var unfit))
                return unfit;
        if (wanted.Mail is { } mail && !Spelling.IsAddress(mail))
            return DataRequestRefusals.NoMail;
        if (wanted.Phone is { } phone && !Spelling.IsPhone(phone))
            return DataRequestRefusals.NoPhone;
        return who.Customer.Contact is null || await vault.IsErased(who.Customer.Id, DataClass.Contact, ct) ? DataRequestRefusals.DataGone : null;
    }

    /// <summary>Keeps another mail address or phone, sealed with the contact, until it counts or is refused.</summary>
    private async Task<Guid> Keep(Customer customer, CustomerContact wanted, CancellationToken ct)
    {
        var id = Guid.CreateVersion7();
        db.Texts.Add(new PersonalText
        {
            Id = id, Subject = customer.Id, Class = DataClass.Contact, Kind = "correction",
            Data = await vault.Seal(customer.Id, DataClass.Contact, PersonalText.Place, id.ToString("N"), JsonSerializer.Serialize(wanted, Json.Plain), ct),
        });
        return id;
    }

    /// <summary>The mail address or phone that is asked for; null: none, or it is decided, or erased.</summary>
    public async Task<CustomerContact?> Wanted(DataRequest request, CancellationToken ct) =>
        await Said(request.WantedId, ct) is { } json ? JsonSerializer.Deserialize<CustomerContact>(json, Json.Plain) : null;

    /// <summary>Stages that the mail address or phone that was asked for is kept no longer.</summary>
    public async Task Forget(DataRequest request, CancellationToken ct)
    {
        if (request.WantedId is not { } id)
            return;
        request.WantedId = null;
        if (await db.Texts.SingleOrDefaultAsync(t => t.Id == id, ct) is { } text)
            db.Texts.Remove(text);
    }

    /// <summary>The customer's words as staff may read them; null: none, erased, or locked with the name.</summary>
    public async Task<string?> Words(DataRequest request, CancellationToken ct) =>
        request.TextId is { } id ? (await CustomerWords.Shown([id], db, vault, locks, ct)).GetValueOrDefault(id) : null;

    private async Task<string?> Said(Guid? textId, CancellationToken ct) =>
        textId is { } id && await db.Texts.AsNoTracking().SingleOrDefaultAsync(t => t.Id == id, ct) is { } text
            ? await vault.Open<string>(text.Subject, text.Class, PersonalText.Place, text.Id.ToString("N"), text.Data, ct) : null;
}

/// <summary>Effect "data-request.near": the due date of an open request is near; those who decide see it from now on as pressing.</summary>
public sealed class DataRequestNear(AppDb db) : IEffect
{
    public const string Kind = "data-request.near";

    public sealed record What(Guid Id);

    public async Task<EffectResult> Run(Effect effect, Call call, CancellationToken ct)
    {
        var request = await db.Set<DataRequest>().SingleAsync(r => r.Id == effect.Read<What>().Id, ct);
        if (request.State != DataRequestState.Open || request.RemindedAt is not null)
            return EffectResult.Done;
        // Extended meanwhile: the extension has a reminder of its own.
        if (Clocks.DateIn(call.BusinessNow, Clocks.CompanyZone) < request.DueOn.AddDays(-DataRequestDesk.ReminderDays))
            return EffectResult.Done;
        request.RemindedAt = call.BusinessNow;
        request.Version++;
        db.Audit(call, Kind, $"data-request:{request.Id:N}", new { request.DueOn });
        return EffectResult.Done;
    }
}

/// <summary>Open requests on the day of those who decide them.</summary>
public sealed class DataRequestsToday(AppDb db) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct)
    {
        if (!call.Actor.Allows(Permission.HandleDataRequests))
            return [];
        var t = Texts.In(call.Language);
        var units = (await VisibleUnits.Of(db, call.Actor, Permission.HandleDataRequests, ct)).Ids(null);
        var open = await db.Set<DataRequest>().AsNoTracking().Where(r => r.State == DataRequestState.Open && db.Customers.Any(c => c.Id == r.CustomerId && units.Contains(c.UnitId))).OrderBy(r => r.DueOn).ThenBy(r => r.Serial).Take(50).ToListAsync(ct);
        return [.. open.Select(r => new TodayItem(t["data-request.today", r.Number, t[$"data-request.kind.{r.Kind}"]], $"/data-requests/{r.Id}", r.DueOn, TodayKind.Waiting))];
    }
}

public static class DataRequestRefusals
{
    public static readonly Refusal AskedAlready = new(RefusalKind.Conflict, "data-request.asked-already",
        "You asked this already; the answer is under way.", "您已提出相同请求，正在处理。", Field: "kind");

    public static readonly Refusal TooMany = new(RefusalKind.TooMany, "data-request.too-many",
        $"{DataRequestDesk.MaxOpen} requests are open already. Please wait for their answers.", $"已有 {DataRequestDesk.MaxOpen} 项请求在处理，请等待答复。");

    public static readonly Refusal Decided = new(RefusalKind.Conflict, "data-request.decided", "This request is answered.", "该请求已答复。");

    public static readonly Refusal NothingToLift = new(RefusalKind.Conflict, "data-request.nothing-to-lift",
        "Only a restriction or an objection that was granted, and is not ending already, can be ended.", "仅已生效且未在解除中的限制或拒绝可以解除。");

    public static readonly Refusal NoExtension = new(RefusalKind.Conflict, "data-request.no-extension",
        "The law of this request knows no extension, or it was extended once.", "该请求适用的法律不允许延期，或已延期一次。");

    public static Refusal TooLateToExtend(DateOnly by) => new(RefusalKind.Conflict, "data-request.too-late-to-extend",
        $"An extension had to be told by {by:yyyy-MM-dd}.", $"延期须在 {by:yyyy-MM-dd} 前告知。");

    public static readonly Refusal ReceivedOn = new(RefusalKind.Invalid, "data-request.received-on",
        "It was received today or within the last thirty days.", "收到日期须在今天或过去三十天内。", Field: "receivedOn");

    public static readonly Refusal EndFirst = new(RefusalKind.Conflict, "data-request.end-first",
        "A contract, a case or a complaint is still under way: data that it needs is erased when it ends. Answer that, as a refusal with the reason \"contract-running\".", "合同、案件或投诉尚在进行，所需数据在结束时删除。请以“合同履行中”为由答复。");

    public static readonly Refusal NothingToCorrect = new(RefusalKind.Invalid, "data-request.nothing-to-correct",
        "Enter what is right: a name, a contact person or an address. Another mail address or phone is stated by whoever asks.", "请填写正确的姓名、联系人或地址；邮箱与电话由请求人在提出时填写。", Field: "name");

    public static readonly Refusal ThroughTheCase = new(RefusalKind.Invalid, "data-request.through-the-case",
        "Mail and phone of a customer with a case are changed on the case, where the old contact is told.", "有案件的客户，邮箱与电话须在案件中变更，并通知原联系方式。", Field: "mail");

    public static readonly Refusal OnlyCorrected = new(RefusalKind.Invalid, "data-request.only-corrected",
        "A right mail address or phone is given with a correction.", "正确的邮箱或电话仅随更正请求填写。", Field: "mail");

    public static readonly Refusal ContactAlone = new(RefusalKind.Invalid, "data-request.contact-alone",
        "Another mail address or phone is granted alone, so that it can be stopped. Correct name and address by a request of their own.", "新的邮箱或电话须单独批准，以便停止；姓名与地址请另行登记更正。", Field: "name");

    public static readonly Refusal OwnWish = new(RefusalKind.Forbidden, "data-request.own-wish",
        "The customer asked for this past a code: they stop it themselves, or the data officer does.", "该请求由客户本人经验证码提出，仅客户本人或数据负责人可以停止。");

    public static readonly Refusal ProvenByCode = new(RefusalKind.Invalid, "data-request.proven-by-code",
        "A code to the contact on file is given by the customer themselves, under “Your data”. Of a letter, a call or a visit say how you made sure.", "验证码由客户本人在“我的数据”中填写；来信、来电或来访请选择核实方式。", Field: "proof");

    public static readonly Refusal TwoPeople = new(RefusalKind.Forbidden, "data-request.two-people",
        $"You took this request down yourself: another person grants it ({string.Join(", ", Permissions.RolesWith(Permission.HandleDataRequests))}).",
        $"该请求由您本人登记，须由另一人批准（{string.Join("、", Permissions.RolesWith(Permission.HandleDataRequests))}）。");

    public static readonly Refusal NothingToStop = new(RefusalKind.Conflict, "data-request.nothing-to-stop",
        "Only what was granted and has not begun can be stopped.", "仅可停止已批准且尚未开始的事项。");

    public static readonly Refusal NoMail = new(RefusalKind.Invalid, "data-request.no-mail", "This is no mail address.", "邮箱格式不正确。", Field: "mail");

    public static readonly Refusal NoPhone = new(RefusalKind.Invalid, "data-request.no-phone", "This is no phone number.", "电话格式不正确。", Field: "phone");

    public static readonly Refusal DataGone = new(RefusalKind.Conflict, "data-request.data-gone", "The data is erased; there is nothing to correct.", "数据已删除，无可更正。");

    public static readonly Refusal NoPackage = new(RefusalKind.Conflict, "data-request.no-package", "A package is made for requests of access or a copy.", "仅查阅、复制请求可生成数据包。");
}
