using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Documents;

/// <summary>A document of a case for a member of staff; each download is recorded. Archive packages are not handed out.</summary>
public sealed class DownloadDocument(AppDb db, CaseDesk desk, Papers papers, Erasure.Locks locks) : UseCase<DownloadDocument.Request, DownloadDocument.File>(db)
{
    public sealed record Request(Guid CaseId, Guid DocumentId);

    public sealed record File(string Name, string MediaType, byte[] Bytes);

    public override Permission Needs => Permission.ViewCases;

    protected override async Task<Outcome<File>> Handle(Call call, Request request, CancellationToken ct)
    {
        if (await desk.Find(request.CaseId, call, Needs, ct) is null
            || await Db.Documents.AsNoTracking().SingleOrDefaultAsync(d => d.Id == request.DocumentId && d.CaseId == request.CaseId, ct) is not { } row)
            return CommonRefusals.NotFound;
        if (row.Kind == DocumentKind.Archive)
            return DocumentRefusals.ArchiveStaysClosed;
        if (row.Class is DataClass.Case or DataClass.Legal && await locks.Of(row.Subject, ct) is { } locked)
            return locked.Refusal;
        if (await papers.Open(row, ct) is not { } bytes)
            return DocumentRefusals.Erased;
        Db.Audit(call, "document.downloaded", $"document:{row.Id:N}", new { row.CaseId });
        // The file is personal data: no answer is kept under an idempotency key.
        await Db.SaveChangesAsync(ct);
        return new File(row.FileName, row.MediaType, bytes);
    }
}

public static class DocumentRefusals
{
    public static readonly Refusal ArchiveStaysClosed = new(RefusalKind.Forbidden, "document.archive-stays-closed",
        "An archive package is opened only by a restore, never handed out.", "档案包仅在恢复演练时打开，不提供下载。");

    public static readonly Refusal Erased = new(RefusalKind.NotFound, "document.erased",
        "This document was erased with its class of data.", "该文件已随所属数据类别一并清除。");
}
