using System.Text;
using Exeunt.App.Features.World.Console;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.World;

/// <summary>The demo's outside world: its mailbox (only without an SMTP server) and its bank.</summary>
public static class WorldFeature
{
    public static void Add(IServiceCollection services) => services.AddScoped<Mailbox>().AddScoped<BankStatement>();

    public static void Map(IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<HostOptions>().Smtp is not null)
            return;
        routes.MapPage("/mailbox", (Mailbox mailbox, string? before) => Web.Page<MailboxPage>(new { List = mailbox.List(before), Paged = before is not null })).Needs(Permission.ManageSettings);
        routes.MapPage("/mailbox/{id}", (string id, Mailbox mailbox) =>
            mailbox.Open(id) is { } mail ? Web.Page<MailPage>(new { Id = id, Mail = mail }) : (IResult)new ProblemResult(CommonRefusals.NotFound)).Needs(Permission.ManageSettings);
        routes.MapPage("/mailbox/{id}/{number:int}", Attachment).Needs(Permission.ManageSettings);
        routes.MapPage("/world/bank.csv", async (BankStatement bank, CancellationToken ct) =>
            Results.File(Encoding.UTF8.GetBytes(await bank.Read(ct)), "text/csv; charset=utf-8", "bank.csv")).Needs(Permission.HandleMoney);
    }

    /// <summary>Always a download of unknown type: a hostile file is never opened by the browser on our address.</summary>
    private static IResult Attachment(string id, int number, Mailbox mailbox) =>
        mailbox.Open(id)?.Attachments.ElementAtOrDefault(number) is { } file
            ? Results.File(file.Bytes, file.MediaType == "application/pdf" ? file.MediaType : "application/octet-stream", file.Name)
            : new ProblemResult(CommonRefusals.NotFound);
}
