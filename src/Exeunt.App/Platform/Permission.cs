using System.Diagnostics.CodeAnalysis;
using Exeunt.Core;

namespace Exeunt.App.Platform;

/// <summary>What can be allowed. Every use case and every endpoint names exactly one.</summary>
public enum Permission
{
    /// <summary>Anybody, without an account: the portal's start, intake, certificate check, health.</summary>
    Public,

    /// <summary>The customer of one case, by its link (and a code where it says so).</summary>
    CustomerOfCase,

    /// <summary>Any signed-in member of staff: their own account, today, help.</summary>
    Staff,

    /// <summary>The system itself (effects and schedules); no person.</summary>
    System,

    /// <summary>See the list and pages of cases.</summary>
    ViewCases,

    /// <summary>Take applications, record talks, make offers, compute settlements, hold and resume.</summary>
    HandleCases,

    /// <summary>Assign cases to people.</summary>
    AssignCases,

    /// <summary>Approve as finance.</summary>
    ApproveMoney,

    /// <summary>Approve as legal.</summary>
    ApproveLegal,

    /// <summary>Send a settlement back to those who made it.</summary>
    ReturnMoney,

    /// <summary>Approve, return and recall in cases; for which role and unit is decided by the approval matrix and the case.</summary>
    ApproveCases,

    /// <summary>Move a running case to another version of its procedure.</summary>
    MoveCases,

    /// <summary>Approve waivers and goodwill within one's authority, decide objections to charges.</summary>
    DecideLines,

    /// <summary>Approve, return or refuse offers above the limit of their entry.</summary>
    ApproveOffers,

    /// <summary>Release payments and reconcile bank files.</summary>
    HandleMoney,

    /// <summary>See settlements, payments and reconciliation.</summary>
    ViewMoney,

    /// <summary>Carry out and confirm work orders.</summary>
    CarryOutWork,

    /// <summary>Decide with words that a work order or a formality need not be done.</summary>
    WaiveWork,

    /// <summary>Open offboardings, talk, agree on improvements, draft decisions, turn back.</summary>
    HandleOffboarding,

    /// <summary>End a relationship or refuse an admission on the spot.</summary>
    EndImmediately,

    /// <summary>Approve decisions to end, decide objections and appeals, reviews on-the-spot endings and returns.</summary>
    DecideOffboarding,

    /// <summary>Compare how similar customers were treated, and what decisions came to.</summary>
    ViewTreatment,

    /// <summary>Open disputes, watch their deadlines, carry out rulings, export the file of a case.</summary>
    HandleDisputes,

    /// <summary>See complaints and suggestions, masked.</summary>
    ViewFeedback,

    /// <summary>Take, link, join and answer complaints and suggestions.</summary>
    HandleFeedback,

    /// <summary>Give complaints and suggestions to people; told when one is overdue.</summary>
    AssignFeedback,

    /// <summary>See customers and their files, masked.</summary>
    ViewCustomers,

    /// <summary>See personal data of a customer in clear; each look is recorded.</summary>
    RevealPersonalData,

    /// <summary>Give customers to other people, plan the hand-over of a portfolio, ask to give a customer up.</summary>
    HandOverCustomers,

    /// <summary>Approve that a customer is given up without a successor, close a plan with what was waived.</summary>
    ApproveGivingUp,

    /// <summary>Record the visits at which new contacts are introduced.</summary>
    VisitCustomers,

    /// <summary>Import customers, contracts and facts.</summary>
    ImportData,

    /// <summary>Evaluate states and indicators, see the watch pages.</summary>
    ViewWatch,

    /// <summary>Judge all customers by the standards in force now.</summary>
    EvaluateStandards,

    /// <summary>Decide about listings; whose role it is, is the standard's.</summary>
    DecideListings,

    /// <summary>Move a customer up a tier, or propose a move down.</summary>
    ProposeTiers,

    /// <summary>Rate how a customer cooperates, give the second score, withdraw a rating.</summary>
    RateCustomers,

    /// <summary>Decide about a move down that somebody else proposed.</summary>
    DecideTiers,

    /// <summary>Read policies and procedures.</summary>
    ViewPolicies,

    /// <summary>Hand in versions of rule packs; sign off rules that others handed in.</summary>
    ManageRules,

    /// <summary>See the reviews that breaches of legal limits opened.</summary>
    ViewReviews,

    /// <summary>Close a review with what was decided.</summary>
    CloseReviews,

    /// <summary>Write policies, hand them in, publish what was signed.</summary>
    EditPolicies,

    /// <summary>Write standards, classification schemes and the churn definition, back-test them, hand them in; to publish them is <see cref="EditPolicies"/>.</summary>
    WriteStandards,

    /// <summary>Install the packs of the trades.</summary>
    InstallPacks,

    /// <summary>Sign or return policies; which signature a role may give is the chain's.</summary>
    SignPolicies,

    /// <summary>Record the periodic review of a policy.</summary>
    ReviewPolicies,

    /// <summary>Record that a customer was shown a policy's text and confirmed it (staff who sign contracts, the sales system's account).</summary>
    RecordTerms,

    /// <summary>Certificates, archives, erasures: see them.</summary>
    ViewProof,

    /// <summary>Approve and prove erasure.</summary>
    HandleErasure,

    /// <summary>Place legal holds on customers, and lift them together with a person of the other role.</summary>
    HandleLegalHolds,

    /// <summary>Open what is locked after an exit, for a named reason; each look is recorded.</summary>
    OpenLockedData,

    /// <summary>Correct and revoke certificates.</summary>
    HandleCertificates,

    /// <summary>Take down requests of data subjects that came by letter, phone or visit; stop what was granted and has not begun.</summary>
    RecordDataRequests,

    /// <summary>Decide requests of data subjects: fulfil, extend, refuse.</summary>
    HandleDataRequests,

    /// <summary>Read the audit log.</summary>
    ViewAudit,

    /// <summary>People, roles, units.</summary>
    ManageStaff,

    /// <summary>Settings, channels, the demo clock and mailbox.</summary>
    ManageSettings,
}

/// <summary>Which role holds which permission: the whole table, on one screen.</summary>
public static class Permissions
{
    private static readonly Role[] Everyone = Enum.GetValues<Role>();

    private static readonly Dictionary<Permission, Role[]> Table = new()
    {
        [Permission.Staff] = Everyone,
        [Permission.ViewCases] =
        [
            Role.Agent, Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Technical, Role.Finance, Role.Legal,
            Role.DataOfficer, Role.Analyst, Role.Auditor,
        ],
        [Permission.HandleCases] = [Role.Agent, Role.AccountManager, Role.Supervisor],
        [Permission.AssignCases] = [Role.Supervisor, Role.BranchHead],
        [Permission.ApproveMoney] = [Role.Finance],
        [Permission.ApproveLegal] = [Role.Legal],
        [Permission.ReturnMoney] = [Role.Finance, Role.Legal],
        [Permission.ApproveCases] = [Role.Agent, Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Finance, Role.Legal, Role.DataOfficer],
        [Permission.MoveCases] = [Role.Supervisor, Role.BranchHead],
        [Permission.DecideLines] = [Role.Supervisor, Role.BranchHead, Role.Finance, Role.Legal],
        [Permission.ApproveOffers] = [Role.Supervisor, Role.BranchHead],
        [Permission.HandleMoney] = [Role.Finance],
        [Permission.ViewMoney] = [Role.Finance, Role.Supervisor, Role.BranchHead, Role.Legal, Role.Auditor],
        [Permission.CarryOutWork] = [Role.Technical, Role.Supervisor],
        [Permission.WaiveWork] = [Role.Supervisor, Role.BranchHead],
        [Permission.HandleOffboarding] = [Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Legal],
        [Permission.EndImmediately] = [Role.Supervisor, Role.BranchHead],
        [Permission.DecideOffboarding] = [Role.BranchHead, Role.Legal],
        [Permission.ViewTreatment] = [Role.BranchHead, Role.Legal, Role.Analyst, Role.Auditor],
        [Permission.HandleDisputes] = [Role.Legal, Role.BranchHead],
        [Permission.ViewFeedback] =
        [
            Role.Agent, Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Marketing, Role.Legal, Role.Analyst, Role.Auditor,
        ],
        [Permission.HandleFeedback] = [Role.Agent, Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Legal],
        [Permission.AssignFeedback] = [Role.Supervisor, Role.BranchHead],
        [Permission.ViewCustomers] =
        [
            Role.Agent, Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Marketing, Role.Finance, Role.Legal,
            Role.DataOfficer, Role.Analyst, Role.Auditor,
        ],
        [Permission.RevealPersonalData] =
        [
            Role.Agent, Role.AccountManager, Role.Supervisor, Role.Legal, Role.DataOfficer,
        ],
        [Permission.HandOverCustomers] = [Role.Supervisor, Role.BranchHead],
        [Permission.ApproveGivingUp] = [Role.BranchHead],
        [Permission.VisitCustomers] = [Role.Agent, Role.AccountManager, Role.Supervisor, Role.BranchHead],
        [Permission.ImportData] = [Role.BranchHead],
        [Permission.ViewWatch] =
        [
            Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Marketing, Role.Legal, Role.Analyst, Role.Auditor,
        ],
        [Permission.EvaluateStandards] = [Role.Supervisor, Role.BranchHead, Role.Analyst],
        [Permission.DecideListings] = [Role.AccountManager, Role.Supervisor, Role.BranchHead, Role.Legal],
        [Permission.ProposeTiers] = [Role.AccountManager, Role.Supervisor, Role.BranchHead],
        [Permission.RateCustomers] = [Role.AccountManager, Role.Supervisor, Role.BranchHead],
        [Permission.DecideTiers] = [Role.Supervisor, Role.BranchHead, Role.Legal],
        [Permission.ViewPolicies] = Everyone,
        [Permission.ManageRules] = [Role.Legal],
        [Permission.ViewReviews] = [Role.Legal, Role.Supervisor, Role.BranchHead, Role.Auditor],
        [Permission.CloseReviews] = [Role.Legal, Role.Supervisor],
        [Permission.EditPolicies] = [Role.Supervisor, Role.BranchHead, Role.Legal],
        [Permission.WriteStandards] = [Role.Supervisor, Role.BranchHead, Role.Legal, Role.Analyst],
        [Permission.InstallPacks] = [Role.Administrator, Role.Legal],
        [Permission.SignPolicies] = [Role.Supervisor, Role.BranchHead, Role.Finance, Role.Legal],
        [Permission.ReviewPolicies] = [Role.Supervisor, Role.Legal],
        [Permission.RecordTerms] = [Role.Agent, Role.AccountManager, Role.Supervisor],
        [Permission.ViewProof] = [Role.DataOfficer, Role.Legal, Role.Auditor, Role.Supervisor, Role.BranchHead],
        [Permission.HandleErasure] = [Role.DataOfficer],
        [Permission.HandleLegalHolds] = [Role.DataOfficer, Role.Legal],
        [Permission.OpenLockedData] = [Role.DataOfficer, Role.Legal],
        [Permission.HandleCertificates] = [Role.DataOfficer, Role.Legal],
        [Permission.RecordDataRequests] = [Role.Agent, Role.AccountManager, Role.Supervisor, Role.Legal, Role.DataOfficer],
        [Permission.HandleDataRequests] = [Role.DataOfficer],
        [Permission.ViewAudit] = [Role.Auditor, Role.DataOfficer],
        [Permission.ManageStaff] = [Role.Administrator],
        [Permission.ManageSettings] = [Role.Administrator],
    };

    /// <summary>The roles that hold a permission (empty for those that are not for staff).</summary>
    public static IReadOnlyList<Role> RolesWith(Permission permission) => Table.GetValueOrDefault(permission, []);

    /// <summary>Whether the actor may, anywhere. Which records they see is decided by unit and ownership in the query.</summary>
    public static bool Allows(this Actor actor, Permission permission) =>
        permission switch
        {
            Permission.Public => true,
            Permission.CustomerOfCase => actor.Kind is ActorKind.Customer or ActorKind.System,
            Permission.System => actor.Kind == ActorKind.System,
            _ => actor.Kind == ActorKind.System
                || (actor.Kind == ActorKind.Staff && RolesWith(permission).Any(actor.Has)),
        };

    /// <summary>The paths of the units for which the actor holds a role with this permission; "" stands for all.</summary>
    public static IReadOnlyList<string> UnitsFor(this Actor actor, Permission permission) =>
        actor.Kind == ActorKind.System
            ? [""]
            : [.. actor.Roles.Where(r => RolesWith(permission).Contains(r.Role)).Select(r => r.UnitPath).Distinct()];

    /// <summary>Whether the actor holds the permission for the unit with this path.</summary>
    public static bool Allows(this Actor actor, Permission permission, string unitPath) =>
        actor.UnitsFor(permission).Any(p => unitPath.StartsWith(p, StringComparison.Ordinal));
}

/// <summary>Refusals that belong to no noun.</summary>
public static class CommonRefusals
{
    public static readonly Refusal NotFound = new(
        RefusalKind.NotFound, "not-found",
        "There is no such thing here, or it is not yours to see.", "没有找到，或您无权查看。");

    public static readonly Refusal Erased = new(
        RefusalKind.Conflict, "data.erased",
        "Data of this kind about this person was erased: nothing more is kept of it.", "此人的该类数据已删除，不再保存任何内容。");

    public static readonly Refusal ChangedMeanwhile = new(
        RefusalKind.Conflict, "changed-meanwhile",
        "Somebody changed this meanwhile. Look at it again, then repeat your step.", "内容已被他人更改。请刷新后再操作。");

    public static readonly Refusal KeyReused = new(
        RefusalKind.Invalid, "idempotency-key-reused",
        "This idempotency key was used with another request.", "此幂等键已用于另一个请求。");

    public static Refusal NotAllowed(Permission permission) =>
        new(RefusalKind.Forbidden, "not-allowed",
            $"Your roles do not include this ({permission}). An administrator can assign: {string.Join(", ", Permissions.RolesWith(permission))}.",
            $"您的角色不包含此权限（{permission}）。管理员可指派：{string.Join("、", Permissions.RolesWith(permission))}。");

    public static Refusal Required(string field) =>
        new(RefusalKind.Invalid, "required", "Please fill this in.", "请填写此项。", Field: field);

    /// <summary>Whether a text that somebody must write, of one line or several, is missing, too long or has characters that no text has, and which.</summary>
    public static bool Unfit(string field, [NotNullWhen(false)] string? text, int max, [NotNullWhen(true)] out Refusal? why) =>
        (why = string.IsNullOrWhiteSpace(text) ? Required(field) : text.Length > max ? TooLong(field, max) : OneLine.IsBrokenText(text) ? Unreadable(field) : null) is not null;

    /// <summary>The same of a name or another text of one line.</summary>
    public static bool UnfitLine(string field, [NotNullWhen(false)] string? text, int max, [NotNullWhen(true)] out Refusal? why) =>
        Unfit(field, text, max, out why) || (why = OneLine.IsBroken(text.AsSpan().Trim()) ? Unreadable(field) : null) is not null;

    /// <summary>It holds a character that cannot stand there: a control character, in one line also a line feed or what turns the direction of writing.</summary>
    public static Refusal Unreadable(string field) => new(RefusalKind.Invalid, "unreadable", "This text has a character that cannot be kept. Type it anew, please.", "文本含有无法保存的字符，请重新输入。", Field: field);

    public static Refusal TooLong(string field, int max) =>
        new(RefusalKind.Invalid, "too-long", $"At most {max} characters, please.", $"最多 {max} 个字符。", Field: field);
}
