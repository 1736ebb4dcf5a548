using Exeunt.App.Features.Batches;
using Exeunt.App.Features.Approvals;
using Exeunt.App.Features.Calendars;
using Exeunt.App.Features.Cases;
using Exeunt.App.Features.Certificates;
using Exeunt.App.Features.Contracts;
using Exeunt.App.Features.Customers;
using Exeunt.App.Features.Documents;
using Exeunt.App.Features.Erasure;
using Exeunt.App.Features.Evaluate;
using Exeunt.App.Features.Facts;
using Exeunt.App.Features.Feedback;
using Exeunt.App.Features.HandOvers;
using Exeunt.App.Features.Imports;
using Exeunt.App.Features.Mail;
using Exeunt.App.Features.Notifications;
using Exeunt.App.Features.Settlements;
using Exeunt.App.Features.Offers;
using Exeunt.App.Features.Orders;
using Exeunt.App.Features.Policies;
using Exeunt.App.Features.Reasons;
using Exeunt.App.Features.Procedures;
using Exeunt.App.Features.ProcessMap;
using Exeunt.App.Features.Returns;
using Exeunt.App.Features.Rules;
using Exeunt.App.Features.Surveys;
using Exeunt.App.Features.Terms;
using Exeunt.App.Features.Today;
using Exeunt.App.Features.Units;
using Exeunt.App.Features.Work;
using Exeunt.App.Platform;
using Exeunt.Core.Cases;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.Caching.Memory;

namespace Exeunt.App.Data;

/// <summary>
/// The company's database. Use cases read through it (a read-only connection on SQLite) and change it in one
/// <see cref="SaveChangesAsync(CancellationToken)"/>, which refuses a change without an audit entry.
/// </summary>
public abstract partial class AppDb(DbContextOptions options) : DbContext(options)
{
    /// <summary>Rows that are machinery, not business: they may change without an audit entry of their own.</summary>
    private static readonly HashSet<Type> Machinery =
    [
        typeof(AuditRow), typeof(TreeHeadRow), typeof(Features.AuditLog.AuditBlock), typeof(Effect), typeof(IdempotencyRecord),
        // A job's progress and the pieces of its file; its request and its end are audited by verb.
        typeof(ImportJob), typeof(ImportChunk), typeof(Batch), typeof(BatchItem),
    ];

    public DbSet<AuditRow> AuditLog => Set<AuditRow>();
    public DbSet<TreeHeadRow> TreeHeads => Set<TreeHeadRow>();
    public DbSet<Effect> Effects => Set<Effect>();
    public DbSet<IdempotencyRecord> Idempotency => Set<IdempotencyRecord>();
    public DbSet<Setting> Settings => Set<Setting>();

    /// <summary>Stages a setting, new or changed.</summary>
    public async Task Put(string key, string value, CancellationToken ct)
    {
        if (await Settings.SingleOrDefaultAsync(s => s.Key == key, ct) is { } setting)
            setting.Value = value;
        else
            Settings.Add(new Setting { Key = key, Value = value });
    }

    public DbSet<Unit> Units => Set<Unit>();
    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<Contract> Contracts => Set<Contract>();
    public DbSet<FactRow> Facts => Set<FactRow>();
    public DbSet<ActivityRow> Activity => Set<ActivityRow>();
    public DbSet<ActivityLineRow> ActivityLines => Set<ActivityLineRow>();
    public DbSet<Features.Tiers.TierChange> TierChanges => Set<Features.Tiers.TierChange>();
    public DbSet<ChurnStateRow> ChurnStates => Set<ChurnStateRow>();
    public DbSet<ChurnChangeRow> ChurnChanges => Set<ChurnChangeRow>();
    public DbSet<Features.Classes.ClassMember> ClassMembers => Set<Features.Classes.ClassMember>();
    public DbSet<Features.Classes.ClassChange> ClassChanges => Set<Features.Classes.ClassChange>();
    public DbSet<Features.Classes.ClassTask> ClassTasks => Set<Features.Classes.ClassTask>();
    public DbSet<Features.Classes.ClassRun> ClassRuns => Set<Features.Classes.ClassRun>();
    public DbSet<ProductLine> ProductLines => Set<ProductLine>();
    public DbSet<FactCorrection> FactCorrections => Set<FactCorrection>();
    public DbSet<PolicyRow> Policies => Set<PolicyRow>();
    public DbSet<RulePackRow> RulePacks => Set<RulePackRow>();
    public DbSet<Review> Reviews => Set<Review>();
    public DbSet<CalendarDayRow> CalendarDays => Set<CalendarDayRow>();
    public DbSet<PolicySignOff> PolicySignOffs => Set<PolicySignOff>();
    public DbSet<PolicyTurn> PolicyTurns => Set<PolicyTurn>();
    public DbSet<PolicyReview> PolicyReviews => Set<PolicyReview>();
    public DbSet<PolicyText> PolicyTexts => Set<PolicyText>();
    public DbSet<PolicyConfirmation> PolicyConfirmations => Set<PolicyConfirmation>();
    public DbSet<ExitCase> Cases => Set<ExitCase>();
    public DbSet<CaseEventRow> CaseEvents => Set<CaseEventRow>();
    public DbSet<CaseIndex> CaseIndex => Set<CaseIndex>();
    public DbSet<PersonalText> Texts => Set<PersonalText>();
    public DbSet<Draft> Drafts => Set<Draft>();
    public DbSet<Challenge> Challenges => Set<Challenge>();
    public DbSet<Offer> Offers => Set<Offer>();
    public DbSet<OfferEntryRow> OfferEntries => Set<OfferEntryRow>();
    public DbSet<ReasonRow> Reasons => Set<ReasonRow>();
    public DbSet<ReasonOffer> ReasonOffers => Set<ReasonOffer>();
    public DbSet<ContractAmendment> ContractAmendments => Set<ContractAmendment>();
    public DbSet<SettlementRow> Settlements => Set<SettlementRow>();
    public DbSet<ApprovalRow> Approvals => Set<ApprovalRow>();
    public DbSet<FourEyes> FourEyes => Set<FourEyes>();
    public DbSet<Delegation> Delegations => Set<Delegation>();
    public DbSet<SignedDocument> SignedDocuments => Set<SignedDocument>();
    public DbSet<SignedDocumentHand> SignedDocumentHands => Set<SignedDocumentHand>();
    public DbSet<SignedDocumentTurn> SignedDocumentTurns => Set<SignedDocumentTurn>();
    public DbSet<StepTime> StepTimes => Set<StepTime>();
    public DbSet<Escalation> Escalations => Set<Escalation>();
    public DbSet<Posting> Postings => Set<Posting>();
    public DbSet<PaymentOrder> PaymentOrders => Set<PaymentOrder>();
    public DbSet<BankFile> BankFiles => Set<BankFile>();
    public DbSet<BankLine> BankLines => Set<BankLine>();
    public DbSet<AllocationRow> Allocations => Set<AllocationRow>();
    public DbSet<Plan> Plans => Set<Plan>();
    public DbSet<PlanRow> PlanRows => Set<PlanRow>();
    public DbSet<FactsOfTheEnd> SettlementFacts => Set<FactsOfTheEnd>();
    public DbSet<Core.Cases.CaseLine> CaseLines => Set<Core.Cases.CaseLine>();
    public DbSet<RedLetter> RedLetters => Set<RedLetter>();
    public DbSet<CaseView> CaseViews => Set<CaseView>();
    public DbSet<Batch> Batches => Set<Batch>();
    public DbSet<BatchItem> BatchItems => Set<BatchItem>();
    public DbSet<Notification> Notifications => Set<Notification>();
    public DbSet<NotificationWish> NotificationWishes => Set<NotificationWish>();
    public DbSet<WaitRow> Waits => Set<WaitRow>();
    public DbSet<WorkOrder> WorkOrders => Set<WorkOrder>();
    public DbSet<DocumentRow> Documents => Set<DocumentRow>();
    public DbSet<CertificateRow> Certificates => Set<CertificateRow>();
    public DbSet<SurveyAnswer> SurveyAnswers => Set<SurveyAnswer>();
    public DbSet<Core.Feedback.FeedbackItem> Feedback => Set<Core.Feedback.FeedbackItem>();
    public DbSet<FeedbackIndex> FeedbackIndex => Set<FeedbackIndex>();
    public DbSet<FeedbackEntry> FeedbackEntries => Set<FeedbackEntry>();
    public DbSet<MailRow> Mails => Set<MailRow>();
    public DbSet<ErasureRow> Erasures => Set<ErasureRow>();
    public DbSet<ImportJob> Imports => Set<ImportJob>();
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<Product> Products => Set<Product>();
    public DbSet<StockMove> StockMoves => Set<StockMove>();
    public DbSet<Return> Returns => Set<Return>();
    public DbSet<ReturnPhoto> ReturnPhotos => Set<ReturnPhoto>();
    public DbSet<OwnerChange> OwnerChanges => Set<OwnerChange>();
    public DbSet<GivingUp> GivingUps => Set<GivingUp>();
    public DbSet<PortfolioPlan> PortfolioPlans => Set<PortfolioPlan>();
    public DbSet<PlanItem> PlanItems => Set<PlanItem>();
    public DbSet<ImportChunk> ImportChunks => Set<ImportChunk>();
    public DbSet<Features.Standards.StandardBacktest> Backtests => Set<Features.Standards.StandardBacktest>();
    public DbSet<Features.Standards.StandardListing> Listings => Set<Features.Standards.StandardListing>();
    public DbSet<Features.Standards.StandardRun> StandardRuns => Set<Features.Standards.StandardRun>();

    /// <summary>Seals remembered answers and keys the hashes of their requests, since both may hold secrets and names.</summary>
    internal byte[] AnswerKey { get; set; } = [];

    /// <summary>Keys the references of payments.</summary>
    internal byte[] PaymentKey { get; set; } = [];

    /// <summary>Is told whether saving works; null where nobody asks.</summary>
    internal Writing? Writing { get; set; }

    /// <summary>Whether the failure is a unique constraint (another writer was first).</summary>
    public abstract bool IsUniqueViolation(DbUpdateException e);

    /// <summary>Runs several saves and bulk statements in one transaction; the only way to an explicit one.</summary>
    public abstract Task<T> Write<T>(Func<CancellationToken, Task<T>> work, CancellationToken ct);

    /// <summary>Stages the audit entry for a change (or a look at personal data). <paramref name="data"/> holds ids, codes and counts, never personal data.</summary>
    public void Audit(Call call, string verb, string target, object? data = null) =>
        AuditLog.Add(AuditRow.Of(call.Now, call.Actor.Id, verb, target, data));

    /// <summary>Stages an effect: something that happens later or outside, written in the transaction that causes it.</summary>
    public void Enqueue(Effect effect) => Effects.Add(effect);

    /// <summary>Stages those effects whose keys are not known yet; returns how many. For what is staged again at a start.</summary>
    public async Task<int> EnqueueNew(IEnumerable<Effect> effects, CancellationToken ct)
    {
        var staged = 0;
        foreach (var chunk in effects.DistinctBy(e => e.Key).Chunk(500))
        {
            var wanted = chunk.Select(e => e.Key).ToList();
            var known = await Effects.AsNoTracking().Where(e => wanted.Contains(e.Key)).Select(e => e.Key).ToListAsync(ct);
            foreach (var effect in chunk.ExceptBy(known, e => e.Key))
            {
                Enqueue(effect);
                staged++;
            }
        }
        return staged;
    }

    public override int SaveChanges(bool acceptAllChangesOnSuccess) =>
        throw new NotSupportedException("Saving is asynchronous here: SaveChangesAsync.");

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken ct = default)
    {
        RefuseUnaudited();
        Failpoint.Reach(Point.BeforeSave);
        try
        {
            var saved = await Save(acceptAllChangesOnSuccess, ct);
            Writing?.Worked();
            Failpoint.Reach(Point.AfterSave);
            return saved;
        }
        catch (Exception e)
        {
            Writing?.Failed(e);
            throw;
        }
    }

    protected virtual Task<int> Save(bool acceptAllChangesOnSuccess, CancellationToken ct) =>
        base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);

    protected Task<int> SaveBase(bool acceptAllChangesOnSuccess, CancellationToken ct) =>
        base.SaveChangesAsync(acceptAllChangesOnSuccess, ct);

    private void RefuseUnaudited()
    {
        var changed = false;
        foreach (var entry in ChangeTracker.Entries())
        {
            if (entry.State is not (EntityState.Added or EntityState.Modified or EntityState.Deleted))
                continue;
            if (entry is { Entity: AuditRow, State: EntityState.Added })
                return;
            changed |= !Machinery.Contains(entry.Metadata.ClrType);
        }
        if (changed)
            throw new InvalidOperationException("A change without an audit entry: call db.Audit(…) in the same use case.");
    }

    /// <summary>
    /// Compiled queries of the whole process: room for 2,500 with their commands. There are more than a thousand; the usual cache holds about five
    /// hundred, and one that is too small compiles the same queries over and over.
    /// </summary>
    private static readonly MemoryCache Queries = new(new MemoryCacheOptions { SizeLimit = 50_000 });

    protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseMemoryCache(Queries);

    protected override void ConfigureConventions(ModelConfigurationBuilder conventions)
    {
        conventions.Properties<Enum>().HaveConversion<string>().HaveMaxLength(40);
        conventions.Properties<DateTimeOffset>().HaveConversion<MillisecondsConverter>();
    }

    protected override void OnModelCreating(ModelBuilder model)
    {
        // One <Noun>Table.cs per aggregate, found here.
        model.ApplyConfigurationsFromAssembly(typeof(AppDb).Assembly, t => t.Namespace?.Contains(".Staff", StringComparison.Ordinal) != true);
        foreach (var entity in model.Model.GetEntityTypes())
        foreach (var property in entity.GetProperties())
            property.SetColumnName(SnakeCase(property.Name));
    }

    internal static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : $"{c}"));

    /// <summary>Instants are whole milliseconds since 1970 in UTC on both databases: exact, comparable, the same to the last digit.</summary>
    internal sealed class MillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
        at => at.ToUnixTimeMilliseconds(), ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}

/// <summary>A setting of the installation, as JSON under a key.</summary>
public sealed class Setting
{
    public required string Key { get; init; }
    public required string Value { get; set; }
}

/// <summary>The first answer under an idempotency key.</summary>
public sealed class IdempotencyRecord
{
    public required string Actor { get; init; }
    public required string Key { get; init; }
    public required string UseCase { get; init; }
    public required byte[] RequestHash { get; init; }

    /// <summary>The answer's JSON, sealed.</summary>
    public required byte[] Answer { get; init; }
    public required DateTimeOffset At { get; init; }
}
