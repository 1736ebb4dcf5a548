using Exeunt.App.Features.Admin;
using Exeunt.App.Features.Appeals;
using Exeunt.App.Features.AuditLog;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Claims;
using Exeunt.App.Features.ChurnDefinitions;
using Exeunt.App.Features.Classes;
using Exeunt.App.Features.Clock;
using Exeunt.App.Features.Company;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Effects;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Feedback;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Features.Keys;
using Exeunt.App.Features.Agenda;
using Exeunt.App.Features.Batches;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Negotiation;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Packs;
using Exeunt.App.Features.OwnData;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.LateCharges;
using Exeunt.App.Features.LegalPages;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.Returns;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Staff;
using Exeunt.App.Features.Standards;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Features.Terms;
using Exeunt.App.Features.Ratings;
using Exeunt.App.Features.Tiers;
using Exeunt.App.Features.Today;
using Exeunt.App.Features.Units;
using Exeunt.App.Features.Work;
using Exeunt.App.Features.World;
using Exeunt.App.Platform;

namespace Exeunt.App.Features;

/// <summary>Every feature. A new one is one line in each list.</summary>
public static class All
{
    public static void Add(IServiceCollection services, HostOptions options)
    {
        foreach (var useCase in typeof(All).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(IUseCase))))
            services.AddScoped(useCase);
        CompanyFeature.Add(services);
        CasesFeature.Add(services);
        IdentityFeature.Add(services);
        IntakesFeature.Add(services, options);
        NegotiationFeature.Add(services);
        TodayFeature.Add(services);
        NotificationsFeature.Add(services);
        BatchesFeature.Add(services);
        CustomersFeature.Add(services, options);
        HandOversFeature.Add(services);
        SettlementsFeature.Add(services);
        RulesFeature.Add(services);
        LegalPagesFeature.Add(services);
        CalendarsFeature.Add(services);
        WorkFeature.Add(services);
        OffboardingFeature.Add(services);
        DisputesFeature.Add(services);
        ClaimsFeature.Add(services);
        FollowUpsFeature.Add(services);
        FormalitiesFeature.Add(services);
        FeedbackFeature.Add(services);
        OwnDataFeature.Add(services);
        ReEntryFeature.Add(services);
        ReturnsFeature.Add(services);
        LateChargesFeature.Add(services);
        CertificatesFeature.Add(services);
        TermsFeature.Add(services);
        WorldFeature.Add(services);
        PoliciesFeature.Add(services);
        ReasonsFeature.Add(services);
        OffersFeature.Add(services);
        ProceduresFeature.Add(services);
        ApprovalsFeature.Add(services);
        services.AddScoped<Post>().AddEffect<SendMail>("mail.send");
        services.AddEffect<SurveyStep>("step.survey").AddEffect<SurveyExpires>("survey.expire");
        ErasureFeature.Add(services);
        DataRequestsFeature.Add(services);
        services.AddScoped<TreeHeads>();
        if (options.Worker)
            services.AddSingleton<TreeHeadClock>().AddHostedService(p => p.GetRequiredService<TreeHeadClock>());
        if (options.AuditBucket is { } bucket)
        {
            services.AddSingleton(bucket).AddSingleton<BucketExport>();
            if (options.Worker)
                services.AddHostedService(p => p.GetRequiredService<BucketExport>());
        }
        FactsFeature.Add(services);
        TiersFeature.Add(services);
        RatingsFeature.Add(services);
        services.AddEvaluate();
        services.AddImports();
        StandardsFeature.Add(services);
        ClassesFeature.Add(services);
        ChurnDefinitionsFeature.Add(services);
        StaffFeature.Add(services);
        ClockFeature.Add(services, options);
        KeysFeature.Add(services, options);
    }

    public static void Map(IEndpointRouteBuilder routes)
    {
        TodayFeature.Map(routes);
        CasesFeature.Map(routes);
        ProcessMapFeature.Map(routes);
        IdentityFeature.Map(routes);
        IntakesFeature.Map(routes);
        NegotiationFeature.Map(routes);
        BatchesFeature.Map(routes);
        AgendaFeature.Map(routes);
        NotificationsFeature.Map(routes);
        CustomersFeature.Map(routes);
        TiersFeature.Map(routes);
        RatingsFeature.Map(routes);
        HandOversFeature.Map(routes);
        PortalFeature.Map(routes);
        FeedbackFeature.Map(routes);
        OwnDataFeature.Map(routes);
        SettlementsFeature.Map(routes);
        WorkFeature.Map(routes);
        OffboardingFeature.Map(routes);
        ReturnsFeature.Map(routes);
        DisputesFeature.Map(routes);
        ClaimsFeature.Map(routes);
        AppealsFeature.Map(routes);
        FollowUpsFeature.Map(routes);
        FormalitiesFeature.Map(routes);
        ReEntryFeature.Map(routes);
        LateChargesFeature.Map(routes);
        CertificatesFeature.Map(routes);
        ErasureFeature.Map(routes);
        DataRequestsFeature.Map(routes);
        PoliciesFeature.Map(routes);
        ReasonsFeature.Map(routes);
        OffersFeature.Map(routes);
        ProceduresFeature.Map(routes);
        ApprovalsFeature.Map(routes);
        PacksFeature.Map(routes);
        RulesFeature.Map(routes);
        LegalPagesFeature.Map(routes);
        CalendarsFeature.Map(routes);
        TermsFeature.Map(routes);
        ProofConsole.Map(routes);
        WorldFeature.Map(routes);
        FactsFeature.Map(routes);
        routes.MapEvaluate();
        StandardsFeature.Map(routes);
        ClassesFeature.Map(routes);
        ChurnDefinitionsFeature.Map(routes);
        routes.MapGroup("").Takes(LargeBodies.Largest).MapImports();
        AdminFeature.Map(routes);
        CompanyFeature.Map(routes);
        StaffFeature.Map(routes);
        UnitsFeature.Map(routes);
        ClockFeature.Map(routes);
        KeysFeature.Map(routes);
        EffectsFeature.Map(routes);
    }
}
