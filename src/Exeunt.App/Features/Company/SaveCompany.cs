using Exeunt.App.Data;
using Exeunt.App.Features.Documents;
using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.EntityFrameworkCore;

namespace Exeunt.App.Features.Company;

/// <summary>Says who the company is. Papers issued before keep the name they have; those that waited for one go on.</summary>
public sealed class SaveCompany(AppDb db, CompanyBook book, Letterhead letterhead) : UseCase<SaveCompany.Request, CompanyIdentity>(db)
{
    public sealed record Request(string? Chinese, string? English, string? FullChinese, string? FullEnglish, string? Registration, string? Appeals);

    public override Permission Needs => Permission.ManageSettings;

    protected override async Task<Outcome<CompanyIdentity>> Handle(Call call, Request request, CancellationToken ct)
    {
        (string Field, string? Text, int Max)[] typed =
        [
            ("chinese", request.Chinese, CompanyIdentity.MaxName), ("english", request.English, CompanyIdentity.MaxName),
            ("fullChinese", request.FullChinese, CompanyIdentity.MaxFullName), ("fullEnglish", request.FullEnglish, CompanyIdentity.MaxFullName),
            ("registration", request.Registration, CompanyIdentity.MaxRegistration), ("appeals", request.Appeals, CompanyIdentity.MaxAppeals),
        ];
        foreach (var (field, text, max) in typed)
            // Not every company is registered.
            if ((field != "registration" || !string.IsNullOrWhiteSpace(text)) && CommonRefusals.UnfitLine(field, text, max, out var unfit))
                return unfit;
        var company = new CompanyIdentity(
            request.Chinese!.Trim(), request.English!.Trim(), request.FullChinese!.Trim(), request.FullEnglish!.Trim(), request.Registration?.Trim() ?? "", request.Appeals!.Trim());
        await CompanyBook.Stage(Db, new(company, await letterhead.CertificateFor(company, ct)), call, ct);
        foreach (var effect in await Db.Effects.Where(e => e.State == EffectState.Parked && e.Note == CompanyRefusals.MissingCode).ToListAsync(ct))
        {
            (effect.State, effect.Attempts, effect.DoneAt) = (EffectState.Waiting, 0, null);
            effect.Fence++;
        }
        var saved = await Commit(company, ct);
        book.Forget();
        return saved;
    }
}
