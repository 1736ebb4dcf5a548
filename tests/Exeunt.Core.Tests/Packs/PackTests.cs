using Exeunt.Core.Cases;
using Exeunt.Core.Packs;
using Exeunt.Core.Policies;
using Exeunt.Core.Procedures;
using Exeunt.Core.Rules;
using Shouldly;
using Xunit;

namespace Exeunt.Core.Tests.Packs;

/// <summary>What every pack must be: sound, lawful, readable, in both languages, and unlike the others.</summary>
public sealed class PackTests
{
    private static readonly DateOnly On = new(2026, 11, 20);

    public static TheoryData<string> Codes => [.. Core.Packs.Packs.All.Select(p => p.Code)];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Its_procedures_are_sound_and_come_back_from_their_documents(string code)
    {
        foreach (var procedure in Core.Packs.Packs.Find(code)!.Procedures)
        {
            ProcedureDocument.Check(procedure).Select(p => $"{p.Path}: {p.In("en")}").ShouldBeEmpty(procedure.Id);
            var bans = procedure.Hours.Place == "DE" ? [new OfferBan("DE", "DE-312k", "§ 312k BGB", Party.Consumer)] : Array.Empty<OfferBan>();
            ProcedureCheck.Of(procedure, bans).Select(p => $"{p.Path}: {p.In("en")}").ShouldBeEmpty(procedure.Id);
            var read = ProcedureDocument.Read(ProcedureDocument.Write(procedure));
            read.Problems.ShouldBeEmpty();
            ProcedureDocument.ToJson(read.Procedure!).ShouldBe(ProcedureDocument.ToJson(procedure));
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void Its_policies_are_right_name_procedures_of_the_pack_and_pass_the_law(string code)
    {
        var pack = Core.Packs.Packs.Find(code)!;
        foreach (var policy in pack.Policies)
        {
            PolicyDocument.Check(policy).Select(e => $"{e.Path}: {e.English}").ShouldBeEmpty(policy.Number);
            var read = PolicyDocument.Read(PolicyDocument.Write(policy));
            read.Errors.ShouldBeEmpty();
            read.Policy!.ToJson().ShouldBe(policy.ToJson());
            PolicyCheck.Of(policy, Core.Rules.BuiltInPacks.All, On).Select(f => $"{policy.Number} {f.Rule.Id} {f.Where}").ShouldBeEmpty();
            foreach (var (id, kind) in new[]
            {
                (policy.Procedures!.Termination, CaseKind.Termination), (policy.Procedures.Offboarding, CaseKind.Offboarding), (policy.Procedures.Arrears, CaseKind.Offboarding), (policy.Procedures.Immediate, CaseKind.Offboarding),
            })
                if (id is not null)
                    pack.Procedures.Single(p => p.Id == id).Kind.ShouldBe(kind);
        }
    }

    [Theory]
    [MemberData(nameof(Codes))]
    public void A_customers_ending_takes_over_the_identity_step_it_began_with(string code)
    {
        foreach (var procedure in Core.Packs.Packs.Find(code)!.Procedures.Where(p => p.Kind == CaseKind.Termination))
            procedure.Find(GeneralProcedures.Termination.Steps[0].Id)!.Kind.ShouldBe(StepKind.VerifyIdentity);
    }

    [Fact]
    public void Codes_numbers_and_reasons_are_each_of_one_pack()
    {
        Unique(Core.Packs.Packs.All.Select(p => p.Code));
        Unique(Core.Packs.Packs.All.SelectMany(p => p.Procedures).Select(p => p.Id).Concat(GeneralProcedures.All.Select(p => p.Id).Distinct()));
        Unique(Core.Packs.Packs.All.SelectMany(p => p.Policies).Select(p => p.Number));
        Unique(Core.Packs.Packs.All.Select(p => p.Reason.Code));
        Unique(Core.Packs.Packs.All.Select(p => p.TryNumber));
        foreach (var pack in Core.Packs.Packs.All)
        {
            Unique(pack.Reason.Details.Select(d => d.Code));
            pack.Roles.ShouldNotBeEmpty();
            pack.Papers.ShouldNotBeEmpty();
        }
    }

    /// <summary>A renamed copy would have the same steps: no two procedures of the product go the same way.</summary>
    [Fact]
    public void No_procedure_is_a_renamed_copy()
    {
        static string Way(Procedure p) => string.Join(";", p.Steps.Select(s => $"{s.Kind}<{string.Join(",", s.After.Select(a => p.Step(a).Kind).Order())}"));
        var all = Core.Packs.Packs.All.SelectMany(p => p.Procedures).Append(GeneralProcedures.Termination).Append(GeneralProcedures.Offboarding).Append(GeneralProcedures.Immediate).ToList();
        Unique(all.Select(Way));
    }

    /// <summary>R5 of the rules: due on 2 March, suspended from 2 April, ended from 2 June.</summary>
    [Fact]
    public void Telecom_arrears_fall_due_on_the_days_of_the_regulation()
    {
        var due = new DateOnly(2026, 3, 2);
        var (suspendFrom, endFrom) = LegalPeriods.ChinaTelecomArrears(China.Pack, due);
        var suspended = Telecom.Arrears.Step("grace").PeriodEnds(new(2026, 3, 5), due, null).AddDays(1);
        suspended.ShouldBe(suspendFrom);
        suspended.ShouldBe(new(2026, 4, 2));
        Telecom.Arrears.Step("last-grace").PeriodEnds(suspended, due, null).AddDays(1).ShouldBe(endFrom);
        endFrom.ShouldBe(new(2026, 6, 2));
        // Opened late: the customer still has the day of the reminder.
        Telecom.Arrears.Step("grace").PeriodEnds(new(2026, 7, 1), due, null).ShouldBe(new(2026, 7, 1));
    }

    /// <summary>R11 of the rules: notice on 1 December, end 1 February, transition to 3 March, data fetchable to 2 April.</summary>
    [Fact]
    public void A_european_cloud_customer_has_the_periods_of_the_data_act()
    {
        var last = Saas.EuropeanPolicy.Notice.LastDay(new(2026, 12, 1), null);
        last.ShouldBe(new(2027, 2, 1));
        Saas.European.Step("transition").PeriodEnds(last.AddDays(1), null, last).ShouldBe(new(2027, 3, 3));
        Saas.European.Step("retrieval").PeriodEnds(new(2027, 3, 4), null, last).ShouldBe(new(2027, 4, 2));
    }

    private static void Unique(IEnumerable<string> values) => values.GroupBy(v => v).Where(g => g.Count() > 1).Select(g => g.Key).ShouldBeEmpty();
}
