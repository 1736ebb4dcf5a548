using System.Globalization;
using Exeunt.App.Data;
using Exeunt.App.Features.Customers;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Feedback;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Feedback;

/// <summary>Says whom it concerns, by the number of a case, a contract or a customer. It proves nothing about whoever wrote.</summary>
public sealed class LinkFeedback(AppDb db, FeedbackDesk desk, CaseDesk cases, NumberTokens numbers) : UseCase<LinkFeedback.Request, Done>(db)
{
    public sealed record Request(Guid Id, string? Number);

    public override Permission Needs => Permission.HandleFeedback;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (CommonRefusals.UnfitLine("number", request.Number, HandIn.MaxNumber, out var unfit))
            return unfit;
        var (customer, caseId) = await Who(request.Number.Trim(), call, ct);
        if (customer is null || !(await VisibleUnits.Of(Db, call.Actor, Needs, ct)).Holds(customer.UnitId))
            return FeedbackRefusals.UnknownNumber;
        if (item.Link(customer.Id, caseId, customer.UnitId, await desk.Acted(caseId, item.AssignedTo, ct)) is { } no)
            return no;
        await desk.Note(item, call, FeedbackEvent.Linked, about: caseId is null ? $"customer:{customer.Id}" : $"case:{caseId:N}", ct: ct);
        return await Commit(Done.It, ct);
    }

    private async Task<(Customer? Customer, Guid? CaseId)> Who(string number, Call call, CancellationToken ct)
    {
        if (await cases.Visible(call, Permission.ViewCases).Where(c => c.Number == number).Select(c => new { c.Id, c.CustomerId }).SingleOrDefaultAsync(ct) is { } exit)
            return (await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == exit.CustomerId, ct), exit.Id);
        var token = numbers.OfContract(number);
        if (await Db.Contracts.AsNoTracking().Where(c => c.NumberToken == token).Select(c => (long?)c.CustomerId).SingleOrDefaultAsync(ct) is { } owner)
            return (await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == owner, ct), null);
        return long.TryParse(number.TrimStart('#'), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? (await Db.Customers.AsNoTracking().SingleOrDefaultAsync(c => c.Id == id, ct), null) : (null, null);
    }
}

/// <summary>Answers it together with one like it.</summary>
public sealed class JoinFeedback(AppDb db, FeedbackDesk desk) : UseCase<JoinFeedback.Request, Done>(db)
{
    /// <param name="Number">Number of the other one; null or blank: it is answered alone again.</param>
    public sealed record Request(Guid Id, string? Number);

    public override Permission Needs => Permission.HandleFeedback;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.Id, call, Needs, ct) is not { } item)
            return CommonRefusals.NotFound;
        if (string.IsNullOrWhiteSpace(request.Number))
        {
            if (item.Separate() is { } not)
                return not;
            await desk.Note(item, call, FeedbackEvent.Separated, ct: ct);
            return await Commit(Done.It, ct);
        }
        var number = request.Number.Trim();
        if (await desk.Visible(call, Needs).SingleOrDefaultAsync(f => f.Number == number, ct) is not { } into || await Db.Feedback.AnyAsync(f => f.JoinedInto == item.Id, ct))
            return FeedbackRefusals.CannotJoin;
        if (item.Join(into) is { } no)
            return no;
        // Whoever judges the one judges both.
        if (into.AssignedTo is { } judge && item.CannotJudge(judge, await desk.Acted(item.CaseId, judge, ct)) is { } barred)
            return barred;
        await desk.Note(item, call, FeedbackEvent.Joined, about: into.Number, ct: ct);
        return await Commit(Done.It, ct);
    }
}
