using System.Globalization;
using System.Text.Json.Serialization;
using Exeunt.App.Data;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Facts;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Activity;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Ratings;

/// <summary>A rating of a customer's cooperation (配合态度) by staff, kept as one sealed text; what counts of it is a fact.</summary>
/// <param name="Score">1 to 5, on the described scale.</param>
/// <param name="Evidence">What it rests on.</param>
/// <param name="Until">Last day on which it counts.</param>
/// <param name="By">Who rated.</param>
/// <param name="SecondScore">What a second person gave; the mean of both counts.</param>
/// <param name="WithdrawnBecause">Why it was withdrawn; null: it was not.</param>
public sealed record KeptRating(
    int Score, string Evidence, DateOnly On, DateOnly Until, string By, int? SecondScore = null, string? SecondBy = null, DateOnly? SecondOn = null,
    string? WithdrawnBecause = null, string? WithdrawnBy = null, DateOnly? WithdrawnOn = null)
{
    /// <summary>What counts, in hundredths of a point.</summary>
    [JsonIgnore]
    public long Counts => SecondScore is { } second ? (Score + second) * 50 : Score * 100;
}

/// <summary>What the uses of ratings share: whose customers they are, how ratings are kept, and the fact that each makes.</summary>
public sealed class RatingDesk(AppDb db, Storage storage, Vault vault, FactBook book)
{
    public const int Least = 1;
    public const int Most = 5;

    /// <summary>How long a rating counts, in months: as a rule, and at most.</summary>
    public const int UsualMonths = 6;
    public const int MostMonths = 12;
    public const int MaxWords = 1_000;
    private const string Kind = "rating";
    private const string Source = "staff";

    /// <summary>The customer, when they are the caller's under a permission.</summary>
    public async Task<Customer?> Customer(long id, Call call, Permission needs, CancellationToken ct) =>
        await db.Customers.SingleOrDefaultAsync(c => c.Id == id, ct) is { } customer && (await VisibleUnits.Of(db, call.Actor, needs, ct)).Holds(customer.UnitId) ? customer : null;

    /// <summary>A customer's ratings, the newest first.</summary>
    public async Task<List<(Guid Id, KeptRating Rating)>> Of(long customer, CancellationToken ct)
    {
        var found = new List<(Guid, KeptRating)>();
        foreach (var text in await db.Texts.AsNoTracking().Where(t => t.Subject == customer && t.Class == DataClass.Profile && t.Kind == Kind).ToListAsync(ct))
            if (await Open(text, ct) is { } rating)
                found.Add((text.Id, rating));
        return [.. found.OrderByDescending(r => r.Item2.On).ThenByDescending(r => r.Item1)];
    }

    /// <summary>A rating and the text it is kept in; null: there is none of this customer's.</summary>
    public async Task<(PersonalText Text, KeptRating Rating)?> Find(long customer, Guid id, CancellationToken ct) =>
        await db.Texts.SingleOrDefaultAsync(t => t.Id == id && t.Subject == customer && t.Class == DataClass.Profile && t.Kind == Kind, ct) is { } text && await Open(text, ct) is { } rating ? (text, rating) : null;

    /// <summary>Stages a new rating with its fact.</summary>
    public async Task<Guid> Add(Customer customer, KeptRating rating, Call call, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(call.Now);
        db.Texts.Add(new PersonalText { Id = id, Subject = customer.Id, Class = DataClass.Profile, Kind = Kind, Data = await Seal(customer.Id, id, rating, ct) });
        await Tell(customer, id, rating, call, ct);
        return id;
    }

    /// <summary>Stages what became of a rating, and of its fact.</summary>
    public async Task Change(Customer customer, PersonalText text, KeptRating rating, Call call, CancellationToken ct)
    {
        text.Data = await Seal(customer.Id, text.Id, rating, ct);
        await Tell(customer, text.Id, rating, call, ct);
    }

    private async Task Tell(Customer customer, Guid id, KeptRating rating, Call call, CancellationToken ct)
    {
        if (rating.WithdrawnBecause is null)
            await book.Tell(Source, [(customer.Id, $"{id:N}", new Fact(FactKind.Rating, rating.On, rating.Counts, "", rating.Until.DayNumber))], call.Now, ct);
        else
            await book.Stage([], new HashSet<FactBook.Document> { new(customer.Id, storage.FactKeys.Document(FactKind.Rating, Source, $"{id:N}")) }, call.Now, ct);
    }

    private Task<KeptRating?> Open(PersonalText text, CancellationToken ct) => vault.Open<KeptRating>(text.Subject, text.Class, PersonalText.Place, text.Id.ToString("N"), text.Data, ct);

    private Task<byte[]> Seal(long customer, Guid id, KeptRating rating, CancellationToken ct) => vault.Seal(customer, DataClass.Profile, PersonalText.Place, id.ToString("N"), rating, ct);
}

public static class RatingRefusals
{
    public static readonly Refusal Score = new(RefusalKind.Invalid, "rating.score", $"Choose a step of the scale, {RatingDesk.Least} to {RatingDesk.Most}.", $"请从 {RatingDesk.Least} 至 {RatingDesk.Most} 级中选择。", Field: "score");

    public static readonly Refusal Until = new(RefusalKind.Invalid, "rating.until", $"A rating counts until a day from tomorrow on, within {RatingDesk.MostMonths} months.", $"有效期应自明日起，最长 {RatingDesk.MostMonths} 个月。", Field: "until");

    public static readonly Refusal NotJudged = new(RefusalKind.Conflict, "rating.not-judged",
        "The customer's data is erased or restricted, or the customer objected: nobody is judged by it.", "该客户的数据已删除、被限制处理或客户已拒绝评估，不得据此评分。");

    public static readonly Refusal Own = new(RefusalKind.Forbidden, "rating.own", "The second score is somebody else's to give.", "复评须由他人作出。");
    public static readonly Refusal Seconded = new(RefusalKind.Conflict, "rating.seconded", "A second person has rated already.", "已有他人复评。");
    public static readonly Refusal Over = new(RefusalKind.Conflict, "rating.over", "This rating was withdrawn, or does not count any more.", "该评分已撤回或已过期。");

    /// <summary>The last day that a rating may count to.</summary>
    public static DateOnly LastDay(DateOnly today) => today.AddMonths(RatingDesk.MostMonths);

    /// <summary>Reads a day as forms and the API write it.</summary>
    public static bool TryDay(string? text, out DateOnly day) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
