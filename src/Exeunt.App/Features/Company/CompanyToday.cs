using Exeunt.App.Platform;

namespace Exeunt.App.Features.Company;

/// <summary>Reminds the administrator while papers cannot be issued for want of the company's name.</summary>
public sealed class CompanyToday(CompanyBook book) : ITodaySource
{
    public async Task<IReadOnlyList<TodayItem>> For(Call call, CancellationToken ct) =>
        call.Actor.Allows(Permission.ManageSettings) && await book.Current(ct) is null
            ? [new TodayItem(Texts.In(call.Language)["company.today"], "/admin/company", null, TodayKind.Waiting)]
            : [];
}
