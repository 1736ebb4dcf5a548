using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Returns;

/// <summary>Stages photos of returns: a fresh picture, sealed, of one line.</summary>
public sealed class PhotoDesk(AppDb db, Papers papers)
{
    public const int Max = 20;

    public async Task<Refusal?> Stage(ReturnCases.Found found, int line, byte[]? photo, bool byCustomer, Call call, CancellationToken ct)
    {
        if (found.Case.IsClosed)
            return CaseRefusals.Closed;
        if (found.Return.Lines.All(l => l.Line != line))
            return ReturnRefusals.NoSuchLine(line);
        if (photo is not { Length: > 0 })
            return CommonRefusals.Required("photo");
        var n = 1 + await db.ReturnPhotos.CountAsync(p => p.CaseId == found.Case.Id, ct);
        if (n > Max)
            return ReturnRefusals.EnoughPhotos;
        var fresh = Photos.Fresh(photo);
        if (fresh.Refusal is { } no)
            return no;
        var document = await papers.Stage(found.Case, found.Case.CustomerId!.Value, DataClass.Case, DocumentKind.Evidence, $"{found.Case.Number}-{line}-{n}.jpg", "image/jpeg", fresh.Value, call, ct);
        db.ReturnPhotos.Add(new ReturnPhoto { DocumentId = document.Id, CaseId = found.Case.Id, Line = line, ByCustomer = byCustomer });
        // The number of the next photo is the next one's.
        found.Return.Version++;
        return null;
    }
}

/// <summary>The customer adds a photo to a line of their return.</summary>
public sealed class AddOwnPhoto(AppDb db, ReturnCases cases, PhotoDesk photos) : UseCase<AddOwnPhoto.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, int Line, byte[]? Photo);

    public override Permission Needs => Permission.CustomerOfCase;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct) =>
        await cases.FindOwn(request.CaseId, call, ct) is not { } found ? CommonRefusals.NotFound
        : await photos.Stage(found, request.Line, request.Photo, byCustomer: true, call, ct) is { } no ? no
        : await Commit(Done.It, ct);
}

/// <summary>Whoever inspects adds a photo.</summary>
public sealed class AddReturnPhoto(AppDb db, ReturnCases cases, PhotoDesk photos) : UseCase<AddReturnPhoto.Request, Done>(db)
{
    public sealed record Request(Guid CaseId, int Line, byte[]? Photo);

    public override Permission Needs => Permission.CarryOutWork;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct) =>
        await cases.Find(request.CaseId, call, Needs, ct) is not { } found ? CommonRefusals.NotFound
        : await photos.Stage(found, request.Line, request.Photo, byCustomer: false, call, ct) is { } no ? no
        : await Commit(Done.It, ct);
}
