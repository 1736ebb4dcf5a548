using Exeunt.App.Data;
using Exeunt.App.Platform;
using Exeunt.Core;

namespace Exeunt.App.Features.Intakes;

/// <summary>Keeps what was noted so far; a hang-up loses nothing.</summary>
public sealed class SaveCall(AppDb db, PhoneDesk desk) : UseCase<SaveCall.Request, Done>(db)
{
    public sealed record Request(Guid Id, CallNotes Notes);

    public override Permission Needs => Permission.HandleCases;

    protected override async Task<Outcome<Done>> Handle(Call call, Request request, CancellationToken ct)
    {
        var opened = await desk.Open(request.Id, call, ct);
        if (opened.Refusal is { } no)
            return no;
        var ((phone, before), notes) = (opened.Value, Whole(request.Notes));
        foreach (var (field, value, max) in new[]
        {
            ("number", notes.Number, Cases.Intake.MaxNumber), ("contractNumber", notes.ContractNumber, Cases.Intake.MaxNumber), ("name", notes.Name, Cases.Intake.MaxName), ("contact", notes.Contact, Cases.Intake.MaxContact),
            ("representative", notes.Representative, Cases.Intake.MaxName), ("authority", notes.Authority, 500), ("said", notes.Said, PhoneDesk.MaxSaid), ("reason", notes.Reason, 80),
        })
            if (value.Length > max)
                return CommonRefusals.TooLong(field, max);
        if (Cases.Intake.CheckDate(notes.EndsOn, call.Today(Clocks.CompanyZone)) is { } never)
            return never;
        // A code proves the contact that was named; with another one it proves nothing.
        if (!desk.OwnerOf(phone, before).AsSpan().SequenceEqual(desk.OwnerOf(phone, notes)))
            phone.ProvenAt = null;
        var kept = notes with { Language = notes.Language == "en" ? "en" : "zh", Who = PhoneDesk.Whos.Contains(notes.Who) ? notes.Who : "customer" };
        phone.Data = await desk.Seal(phone.Subject, phone.Id, kept, ct);
        phone.Version++;
        Db.Audit(call, "call.saved", $"call:{phone.Id:N}");
        return await Commit(Done.It, ct);
    }

    /// <summary>What a program left out is empty.</summary>
    private static CallNotes Whole(CallNotes n) => n with
    {
        Number = n.Number ?? "", Who = n.Who ?? "", ContractNumber = n.ContractNumber ?? "", Name = n.Name ?? "", Contact = n.Contact ?? "", Representative = n.Representative ?? "", Authority = n.Authority ?? "",
        Reason = n.Reason ?? "", Said = n.Said ?? "",
    };
}
