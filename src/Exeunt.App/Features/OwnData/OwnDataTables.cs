using Exeunt.App.Features.Appeals;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Batches;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Claims;
using Exeunt.App.Features.Classes;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.DataRequests;
using Exeunt.App.Features.Disputes;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Feedback;
using Exeunt.App.Features.FollowUps;
using Exeunt.App.Features.Formalities;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Identity;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Intakes;
using Exeunt.App.Features.LateCharges;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Negotiation;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Offboarding;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.ReEntry;
using Exeunt.App.Features.Returns;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Standards;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Features.Terms;
using Exeunt.App.Features.Tiers;
using Exeunt.App.Features.Today;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Exeunt.Core.Feedback;

namespace Exeunt.App.Features.OwnData;

/// <summary>
/// Where each table that names a customer, a subject, a case or a contract is in the package, or why it is not. A test fails on a table that is in neither list.
/// </summary>
public static class OwnDataTables
{
    /// <summary>What never is in the file: each is said in it by "own-data.left.CODE" and "….why".</summary>
    public static readonly IReadOnlyList<string> Reasons =
    [
        "internal", "names", "account", "archive", "untold", "figures", "disputes", "inquiries", "intake", "books", "machinery", "secrets", "drafts", "lists",
    ];

    /// <summary>The part of the file that holds a table's rows, as a path of names in the JSON.</summary>
    public static readonly IReadOnlyDictionary<Type, string> Sections = new Dictionary<Type, string>
    {
        [typeof(Contract)] = "contracts",
        [typeof(ContractAmendment)] = "contracts.amendments",
        [typeof(Claim)] = "claims",
        [typeof(PolicyConfirmation)] = "confirmations",
        [typeof(ExitCase)] = "cases",
        [typeof(CaseEventRow)] = "cases.said",
        [typeof(PersonalText)] = "cases.said",
        [typeof(Offer)] = "cases.offers",
        [typeof(Proposal)] = "cases.proposals",
        [typeof(SettlementRow)] = "cases.settlement",
        [typeof(CaseLine)] = "cases.addedLines",
        [typeof(PaymentOrder)] = "cases.payments",
        [typeof(Plan)] = "instalmentPlans",
        [typeof(AllocationRow)] = "allocations",
        [typeof(FactsOfTheEnd)] = "endFacts",
        [typeof(RedLetter)] = "redLetters",
        [typeof(SurveyAnswer)] = "cases.survey",
        [typeof(Appeal)] = "appeals",
        [typeof(Dispute)] = "disputes",
        [typeof(DisputeDeadline)] = "disputeDates",
        [typeof(CureAgreement)] = "improvements",
        [typeof(OpenOrder)] = "openOrders",
        [typeof(SpotDecision)] = "spotDecisions",
        [typeof(WorkOrder)] = "workOrders",
        [typeof(Formality)] = "formalities",
        [typeof(FollowUpTask)] = "followUps",
        [typeof(DecisionEffectRow)] = "aftermath",
        [typeof(CertificateRow)] = "certificates",
        [typeof(DocumentRow)] = "documents",
        [typeof(IntakeRow)] = "intakes",
        [typeof(PhoneCall)] = "calls",
        [typeof(InboundMail)] = "mailsIn",
        [typeof(Conversation)] = "chats",
        [typeof(MailRow)] = "mails",
        [typeof(Vouch)] = "identityChecks",
        [typeof(PendingDetails)] = "detailChanges",
        [typeof(Order)] = "orders",
        [typeof(Return)] = "returns",
        [typeof(ReturnLine)] = "returns.lines",
        [typeof(ReturnPhoto)] = "documents",
        [typeof(LateCharge)] = "lateCharges",
        [typeof(FactRow)] = "facts.lines",
        [typeof(ActivityRow)] = "facts.months",
        [typeof(ActivityLineRow)] = "facts.productLines",
        [typeof(FactCorrection)] = "facts.corrections",
        [typeof(TierChange)] = "tiers",
        [typeof(ClassMember)] = "classes",
        [typeof(ClassChange)] = "classChanges",
        [typeof(ClassTask)] = "classTasks",
        [typeof(StandardListing)] = "listings",
        [typeof(ChurnStateRow)] = "churn",
        [typeof(ChurnChangeRow)] = "churn",
        [typeof(RecognitionToken)] = "recognitions",
        [typeof(ReEntryRequest)] = "reEntries",
        [typeof(OwnerChange)] = "ownerChanges",
        [typeof(GivingUp)] = "givingUps",
        [typeof(PlanItem)] = "visits",
        [typeof(FeedbackItem)] = "feedback",
        [typeof(FeedbackIndex)] = "feedback",
        [typeof(DataRequest)] = "dataRequests",
        [typeof(RetainedRow)] = "retained",
        [typeof(ErasureRow)] = "erased",
    };

    /// <summary>The tables that are left out, each with the code of its reason (<see cref="Reasons"/>).</summary>
    public static readonly IReadOnlyDictionary<Type, string> LeftOut = new Dictionary<Type, string>
    {
        // Who had which part in an approval; drafts of a decision, whose reasons the notice gives; whether our own terms keep the law.
        [typeof(FourEyes)] = "internal",
        [typeof(ApprovalRow)] = "internal",
        [typeof(DecisionRow)] = "internal",
        [typeof(Review)] = "internal",
        // Some of them may not be told, and what is told of the others would tell which.
        [typeof(LegalHold)] = "inquiries",
        // The same amounts and goods by our accounts and places.
        [typeof(Posting)] = "books",
        [typeof(StockMove)] = "books",
        // What waits for whom, who was reminded, how long steps took: cases, steps and work orders say it.
        [typeof(Effect)] = "machinery",
        [typeof(WaitRow)] = "machinery",
        [typeof(Notification)] = "machinery",
        [typeof(BatchItem)] = "machinery",
        [typeof(Escalation)] = "machinery",
        [typeof(StepTime)] = "machinery",
        // Its subject is a random number under which an uploaded file is sealed until it is read.
        [typeof(ImportJob)] = "machinery",
        [typeof(CaseIndex)] = "secrets",
        [typeof(Draft)] = "drafts",
    };
}
