using Exeunt.Core.Cases;
using Exeunt.Core.Documents;

namespace Exeunt.Core.Procedures;

/// <summary>A rule that forbids an offer once a customer has declared that the contract ends.</summary>
/// <param name="Place">Where it holds: "DE".</param>
/// <param name="Party">Whom it protects; null: everybody.</param>
public sealed record OfferBan(string Place, string Rule, string Article, Policies.Party? Party);

/// <summary>
/// Whether a procedure is sound: every step is reached and leads to the end, nothing of ours delays a customer's end, nobody approves
/// their own request, money is approved before it is ordered, and nothing is destroyed that is still needed. The document itself must
/// be readable (<see cref="ProcedureDocument.Check"/>).
/// </summary>
public static class ProcedureCheck
{
    /// <summary>Those who take applications or draft what is approved.</summary>
    private static readonly Role[] Requesting = [Role.Agent, Role.AccountManager];
    private static readonly Role[] Drafting = [Role.Agent, Role.AccountManager, Role.Supervisor];

    /// <summary>Roles that never approve: they only look, teach or administer.</summary>
    private static readonly Role[] NeverApprove = [Role.Analyst, Role.Auditor, Role.Trainer, Role.Marketing, Role.Administrator, Role.Technical];

    /// <summary>The letters there are.</summary>
    public static IReadOnlyList<string> Letters { get; } = ["decision", "immediate", "ended"];

    /// <summary>Letters that give notice of the company's decision, and set the last day.</summary>
    private static readonly string[] Notices = ["decision", "immediate"];

    /// <summary>Kinds that a case can go through only once: what they write there is one of.</summary>
    private static readonly StepKind[] OnlyOnce = [StepKind.OrderMoney, StepKind.Reconcile, StepKind.Certify, StepKind.Survey, StepKind.Erase, .. OfReturns];

    /// <summary>Kinds that only the return of an order has.</summary>
    private static StepKind[] OfReturns => [StepKind.AdmitReturn, StepKind.SendBack, StepKind.InspectReturn, StepKind.SettleReturn, StepKind.ConfirmResult];

    /// <summary>Kinds whose steps last a number of days.</summary>
    public static bool HasDays(StepKind kind) => kind is StepKind.Period or StepKind.Survey or StepKind.FollowUp or StepKind.Negotiate or StepKind.CurePeriod or StepKind.ConfirmResult;

    public static bool HasTasks(StepKind kind) => kind is StepKind.WorkOrders or StepKind.HandOver or StepKind.WindDown;

    public static bool HasItems(StepKind kind) => kind is StepKind.CheckList or StepKind.AutoCheck or StepKind.Formalities;

    /// <summary>Kinds in which people act.</summary>
    public static bool NeedsPeople(StepKind kind) =>
        kind is StepKind.Talk or StepKind.Offer or StepKind.Negotiate or StepKind.CheckList or StepKind.AutoCheck or StepKind.Approve or StepKind.CurePeriod or StepKind.WindDown
            or StepKind.WorkOrders or StepKind.Formalities or StepKind.HandOver or StepKind.Reconcile or StepKind.FollowUp or StepKind.AdmitReturn or StepKind.InspectReturn;

    /// <summary>Everything that is unsound, in the order of the steps; empty when the procedure is sound.</summary>
    /// <param name="bans">Rules in force that forbid an offer after the customer's declaration.</param>
    public static IReadOnlyList<DocumentProblem> Of(Procedure procedure, IReadOnlyList<OfferBan>? bans = null)
    {
        var check = new Checking(procedure);
        check.Shape();
        // Whatever follows is about ways through the procedure, which a broken one does not have.
        if (check.Problems.Count == 0)
        {
            check.Ways();
            check.Dates();
            check.Evidence();
            check.Money();
            check.Approvals();
            check.OwnLetters();
            if (procedure.Kind == CaseKind.Offboarding)
                check.Offboarding();
            else
                check.CustomersEnd(bans ?? []);
            check.Returns();
        }
        foreach (var step in procedure.Steps)
            check.Fields(step);
        var order = procedure.Steps.Select((s, i) => (s.Id, i)).DistinctBy(s => s.Id).ToDictionary(s => s.Id, s => s.i);
        return [.. check.Problems.Distinct().OrderBy(p => p.Part is { } step ? order.GetValueOrDefault(step, -1) : -1)];
    }

    private sealed class Checking(Procedure procedure)
    {
        private readonly List<DocumentProblem> _problems = [];
        private readonly Dictionary<string, HashSet<string>> _before = [];

        public List<DocumentProblem> Problems => _problems;

        private IReadOnlyList<ProcedureStep> Steps => procedure.Steps;

        private bool Customers => procedure.Kind != CaseKind.Offboarding;

        private IEnumerable<ProcedureStep> All(params StepKind[] kinds) => Steps.Where(s => kinds.Contains(s.Kind));

        /// <summary>Whether the step comes after the other on some way.</summary>
        private bool IsAfter(ProcedureStep step, ProcedureStep earlier) => Before(step).Contains(earlier.Id);

        private bool IsAfterAny(ProcedureStep step, StepKind kind) => All(kind).Any(s => IsAfter(step, s));

        private HashSet<string> Before(ProcedureStep step)
        {
            if (_before.TryGetValue(step.Id, out var known))
                return known;
            var all = _before[step.Id] = [];
            foreach (var before in step.After)
            {
                all.Add(before);
                all.UnionWith(Before(procedure.Step(before)));
            }
            return all;
        }

        private void Say(string code, ProcedureStep? step, string field, Words says, Words fix)
        {
            var index = step is null ? -1 : IndexOf(step);
            var path = index < 0 ? "steps" : field.Length == 0 ? $"steps[{index}]" : $"steps[{index}].{field}";
            _problems.Add(new("procedure." + code, path, step?.Id, says, fix));
        }

        private int IndexOf(ProcedureStep step)
        {
            for (var i = 0; i < Steps.Count; i++)
                if (ReferenceEquals(Steps[i], step))
                    return i;
            return -1;
        }

        private static string En(ProcedureStep step) => step.Name.English;

        private static string Zh(ProcedureStep step) => step.Name.Chinese;

        // ---- the graph ------------------------------------------------------------------------------------------------

        /// <summary>Ids are unique, what comes before is known, nothing waits for itself.</summary>
        public void Shape()
        {
            var ids = new HashSet<string>();
            foreach (var step in Steps)
                if (!ids.Add(step.Id))
                    Say("repeated-step", step, "id", new($"Another step has the code {step.Id}.", $"步骤代码 {step.Id} 重复。"), new("Give each step a code of its own.", "请为每个步骤设定不同代码。"));
            foreach (var step in Steps)
                foreach (var before in step.After.Where(a => !ids.Contains(a)))
                    Say("unknown-step", step, "after", new($"{En(step)} waits for {before}, which is not there, so it is never reached.", $"“{Zh(step)}”的前置步骤 {before} 不存在，该步骤无法到达。"),
                        new("Name a step that exists, or take it out.", "请改为已有步骤或删除。"));
            if (_problems.Count > 0)
                return;
            // What can start starts; what is left waits in a circle or behind one.
            var reached = new HashSet<string>();
            while (Steps.Where(s => !reached.Contains(s.Id) && s.After.All(reached.Contains)).ToList() is { Count: > 0 } next)
                reached.UnionWith(next.Select(s => s.Id));
            foreach (var step in Steps.Where(s => !reached.Contains(s.Id)))
                Say("unreachable", step, "after", new($"{En(step)} is never reached: the steps it waits for wait for each other.", $"“{Zh(step)}”无法到达：其前置步骤互相等待。"),
                    new("Take one of them out of the circle.", "请解除循环等待。"));
        }

        /// <summary>One end, which every step leads to.</summary>
        public void Ways()
        {
            var ends = All(StepKind.Close).ToList();
            if (ends.Count == 0)
                Say("no-end", null, "", new("The procedure has no end.", "流程没有结束步骤。"), new("Add a closing step as the last one.", "请在最后添加结案步骤。"));
            foreach (var kind in OnlyOnce)
                foreach (var other in All(kind).Skip(1))
                    Say("only-once", other, "kind", new($"{En(other)} is a second step of a kind that a case goes through only once.", $"“{Zh(other)}”重复：此类步骤每案只能有一个。"),
                        new("Take one out.", "请删除其中一个。"));
            foreach (var other in ends.Skip(1))
                Say("several-ends", other, "kind", new("There is a second closing step.", "存在第二个结案步骤。"), new("Let everything lead to one.", "请汇集到一个结案步骤。"));
            if (ends.Count != 1)
                return;
            var end = ends[0];
            foreach (var step in Steps.Where(s => IsAfter(s, end)))
                Say("after-end", step, "after", new($"{En(step)} comes after the case is closed.", $"“{Zh(step)}”排在结案之后。"), new("Move it before the closing step.", "请移到结案之前。"));
            foreach (var step in Steps.Where(s => s != end && !IsAfter(end, s) && !IsAfter(s, end) && s.Kind is not (StepKind.Negotiate or StepKind.Formalities)))
                Say("dead-end", step, "", new($"{En(step)} leads nowhere: the case closes without it.", $"“{Zh(step)}”没有后续：不等它完成就会结案。"),
                    new("Name it in \"after\" of a later step or of the closing step.", "请在后续步骤或结案步骤的前置步骤中列入它。"));
            foreach (var kind in Needed().Where(k => !All(k).Any()))
                Say("missing-step", null, "", new($"A step of the kind {kind} is missing.", $"缺少步骤：{ProcedureWords.Of(kind).Chinese}。"),
                    new($"Add a step \"{ProcedureWords.Of(kind).English}\".", $"请添加“{ProcedureWords.Of(kind).Chinese}”步骤。"));
            // What must not be left out has no condition; an approval of money may have a limit.
            foreach (var step in Steps.Where(s => s.When.Count > 0))
                if (Needed().Append(StepKind.VerifyIdentity).Contains(step.Kind) || step is { Kind: StepKind.Approve, Of: ApprovalSubject.Decision } || (!Customers && (step.Kind == StepKind.Talk || IsNotice(step))))
                    Say("must-not-be-left-out", step, "when", new($"{En(step)} could be left out.", $"“{Zh(step)}”可能被跳过。"), new("Take its conditions away.", "请删除其适用条件。"));
                else if (step.Kind == StepKind.Approve && step.When.Any(c => c is not { Fact: CaseFact.Amount, Comparison: Comparison.MoreThan }))
                    Say("approval-left-out", step, "when", new($"{En(step)} could be left out for another reason than a small amount.", $"“{Zh(step)}”可能因金额以外的原因被跳过。"),
                        new("Use only the condition that the amount is more than a limit.", "仅可使用金额高于限额的条件。"));
        }

        /// <summary>Whether orders are returned by it.</summary>
        private bool IsReturn => procedure.Kind == CaseKind.Cancellation && All(OfReturns).Any();

        private static bool IsNotice(ProcedureStep step) => step is { Kind: StepKind.Notify, Letter: { } letter } && Notices.Contains(letter);

        private StepKind[] Needed() =>
            IsReturn ? [.. OfReturns, StepKind.Reconcile, StepKind.Close]
            : procedure.Kind == CaseKind.Cancellation
                ? [StepKind.WaitUntilDate, StepKind.Close]
                : [StepKind.WaitUntilDate, StepKind.Settle, StepKind.Archive, StepKind.OrderMoney, StepKind.Reconcile, StepKind.Certify, StepKind.Erase, StepKind.Close];

        /// <summary>One last service day; nothing that ends the service, and no money, comes before it.</summary>
        public void Dates()
        {
            var waits = All(StepKind.WaitUntilDate).ToList();
            foreach (var other in waits.Skip(1))
                Say("several-dates", other, "kind", new("A case has one last service day; this is a second one.", "案件只有一个生效日，此处为第二个。"), new("Take one out.", "请删除其中一个。"));
            if (waits.Count != 1)
                return;
            foreach (var step in All(StepKind.Archive, StepKind.WorkOrders, StepKind.Certify, StepKind.Erase, StepKind.HandOver, StepKind.WindDown, StepKind.OrderMoney).Where(s => !IsAfter(s, waits[0])))
                // An immediate ending stops the service at once, an announced one once a period has passed, in a way that can be turned back.
                if (!((IsImmediate || (!Customers && IsAfterAny(step, StepKind.Period))) && step is { Kind: StepKind.WorkOrders, Irreversible: false }))
                    Say("before-date", step, "after", new($"{En(step)} does not wait for the last service day.", $"“{Zh(step)}”未等待生效日。"),
                        new($"Let it come after {En(waits[0])}.", $"请排在“{Zh(waits[0])}”之后。"));
            foreach (var offer in All(StepKind.Offer).Where(s => IsAfter(s, waits[0])))
                Say("offer-too-late", offer, "after", new($"{En(offer)} comes after the last service day.", $"“{Zh(offer)}”排在生效日之后。"), new("Move it before that day, or take it out.", "请移到生效日之前或删除。"));
        }

        /// <summary>The archive before anything is stopped for good, nothing told or sent before it is there, nothing destroyed that is still needed.</summary>
        public void Evidence()
        {
            foreach (var step in Steps.Where(s => (Customers && s.Kind == StepKind.WorkOrders) || s.Irreversible).Where(s => !IsAfterAny(s, StepKind.Archive)))
                Say("archive-first", step, "after", new($"{En(step)} stops or destroys something before the archive is written and proved.", $"“{Zh(step)}”在归档完成并验证之前就停止或删除。"),
                    new("Let it come after the archive.", "请排在归档之后。"));
            foreach (var step in Steps.Where(s => s.Kind == StepKind.Archive && !IsAfterAny(s, StepKind.Settle)))
                Say("archive-without-settlement", step, "after", new($"{En(step)} is written before the settlement is there.", $"“{Zh(step)}”时尚无结算单。"), new("Let it come after the settlement.", "请排在结算之后。"));
            foreach (var report in Steps.Where(s => s.Tasks.Any(t => t.Code == CreditBureau.Task)))
                if (!All(StepKind.Period).Any(p => IsAfter(report, p) && Steps.Any(n => n.Kind == StepKind.Notify && procedure.Letter(n.Letter ?? "") is not null && IsAfter(p, n))))
                    Say("bureau-before-notice", report, "after", new($"{En(report)} reports to the credit bureau before the person was told and had time to answer.", $"“{Zh(report)}”在告知本人并给予答复期之前报送征信。"),
                        new("Send a letter of the procedure's own first, then let a period pass.", "请先发送自有函件告知，再经过一个期限。"));
            foreach (var certify in All(StepKind.Certify))
                foreach (var work in All(StepKind.WorkOrders).Where(w => !IsAfter(certify, w)))
                    Say("certificate-before-work", certify, "after", new($"{En(certify)} is issued before {En(work)} is confirmed.", $"“{Zh(certify)}”在“{Zh(work)}”确认之前出具。"),
                        new($"Let it come after {En(work)}.", $"请排在“{Zh(work)}”之后。"));
            foreach (var survey in All(StepKind.Survey).Where(s => !IsAfterAny(s, StepKind.Certify)))
                Say("survey-too-early", survey, "after", new($"{En(survey)} is sent with the certificate, which is not there yet.", $"“{Zh(survey)}”随证明一并发送，此时尚无证明。"),
                    new("Let it come after the certificate.", "请排在出具证明之后。"));
            foreach (var letter in Steps.Where(s => s is { Kind: StepKind.Notify, Letter: "ended" } && !(IsAfterAny(s, StepKind.Settle) && IsAfterAny(s, StepKind.WaitUntilDate))))
                Say("letter-too-early", letter, "after", new($"{En(letter)} tells the settlement and that the contract has ended, before both are so.", $"“{Zh(letter)}”告知结算与合同终止，但此时尚未结算或终止。"),
                    new("Let it come after the settlement and the last service day.", "请排在结算与生效日之后。"));
            foreach (var erase in All(StepKind.Erase))
            {
                foreach (var needed in All(StepKind.Certify, StepKind.Reconcile, StepKind.HandOver, StepKind.WindDown).Where(n => !IsAfter(erase, n)))
                    Say("erased-too-early", erase, "after", new($"{En(erase)} does not wait for {En(needed)}, which needs the data.", $"“{Zh(erase)}”未等待“{Zh(needed)}”，后者仍需用到数据。"),
                        new($"Let it come after {En(needed)}.", $"请排在“{Zh(needed)}”之后。"));
                foreach (var later in Steps.Where(s => s.Kind is not (StepKind.Close or StepKind.Erase) && IsAfter(s, erase)))
                    Say("needs-what-is-erased", later, "after", new($"{En(later)} comes after {En(erase)} and needs what was erased.", $"“{Zh(later)}”排在“{Zh(erase)}”之后，所需数据已删除。"),
                        new($"Let it run beside {En(erase)}: the contact is kept until survey and appeal are closed.", $"请与“{Zh(erase)}”并行：联系方式保留至回访与申诉结束。"));
            }
        }

        /// <summary>Letters of the procedure's own are sent, and only when what they name is known.</summary>
        public void OwnLetters()
        {
            foreach (var (i, letter) in procedure.Letters.Index())
            {
                var notices = Steps.Where(s => s.Kind == StepKind.Notify && s.Letter == letter.Code).ToList();
                if (notices.Count == 0)
                    _problems.Add(new("procedure.unused-letter", $"letters[{i}]", null, new($"No step sends the letter {letter.Code}.", $"没有步骤发送函件 {letter.Code}。"), new("Let a notice send it, or take it out.", "请添加发送该函件的通知步骤，或删除该函件。")));
                var wanted = letter.Fields.Select(LetterField.Find).OfType<LetterField>().Select(f => (f.Code, f.Known)).ToList();
                if (letter.Table is not null)
                    wanted.Add(("table", LetterFieldKnown.Settlement));
                foreach (var notice in notices)
                    foreach (var (code, known) in wanted.Where(w => !IsKnown(w.Known, notice)))
                        Say("letter-too-early", notice, "letter", new($"{En(notice)} names {code}, which is not known then.", $"“{Zh(notice)}”引用了 {code}，此时尚不可知。"),
                            new(known == LetterFieldKnown.Period ? "Let a period come after it, or take the field out." : "Move the step, or take the field out.", known == LetterFieldKnown.Period ? "请在其后安排期限步骤，或删除该字段。" : "请移动该步骤或删除该字段。"));
            }
        }

        private bool IsKnown(LetterFieldKnown known, ProcedureStep notice) => known switch
        {
            LetterFieldKnown.LastDay => Customers || IsAfterAny(notice, StepKind.WaitUntilDate) || Steps.Any(s => IsNotice(s) && IsAfter(notice, s)),
            LetterFieldKnown.Settlement => IsAfterAny(notice, StepKind.Settle),
            LetterFieldKnown.Period => All(StepKind.Period).Any(p => IsAfter(p, notice)),
            _ => true,
        };

        /// <summary>Computed, approved, ordered, reconciled.</summary>
        public void Money()
        {
            var approvals = Steps.Where(s => s is { Kind: StepKind.Approve, Of: ApprovalSubject.Settlement }).ToList();
            foreach (var order in All(StepKind.OrderMoney))
            {
                if (!IsAfterAny(order, StepKind.Settle))
                    Say("money-without-settlement", order, "after", new($"{En(order)} orders money that no step has computed.", $"“{Zh(order)}”时款项尚未结算。"), new("Let it come after the settlement.", "请排在结算之后。"));
                if (!approvals.Any(a => IsAfter(order, a)))
                    Say("money-without-approval", order, "after", new($"{En(order)} orders money that nobody approved.", $"“{Zh(order)}”未经审批。"), new("Let it come after an approval of the settlement.", "请排在结算审批之后。"));
            }
            foreach (var approval in approvals.Where(a => !IsAfterAny(a, StepKind.Settle)))
                Say("approval-too-early", approval, "after", new($"{En(approval)} comes before there is a settlement to approve.", $"“{Zh(approval)}”时尚无结算单。"), new("Let it come after the settlement.", "请排在结算之后。"));
            foreach (var reconcile in All(StepKind.Reconcile).Where(r => !IsAfterAny(r, StepKind.OrderMoney) && !IsAfterAny(r, StepKind.SettleReturn)))
                Say("reconciled-too-early", reconcile, "after", new($"{En(reconcile)} comes before the money is ordered.", $"“{Zh(reconcile)}”排在付款指令之前。"), new("Let it come after the payment order.", "请排在付款指令之后。"));
        }

        /// <summary>Nobody approves what they themselves asked for.</summary>
        public void Approvals()
        {
            foreach (var step in All(StepKind.Approve))
            {
                if (step.Of is not { } of)
                {
                    Say("approves-nothing", step, "of", new($"{En(step)} does not say what is approved.", $"“{Zh(step)}”未指明审批内容。"), new("Choose the settlement or the decision.", "请选择结算或清退决定。"));
                    continue;
                }
                if (Steps.First(s => s.Kind == StepKind.Approve && s.Of == of) is var first && first != step)
                    Say("approved-twice", step, "of", new($"{En(step)} approves the same as {En(first)}.", $"“{Zh(step)}”与“{Zh(first)}”审批同一内容。"),
                        new("Use one step; the approval matrix says how many approve, and in which order.", "请合并为一步；审批人数与顺序由审批矩阵规定。"));
                var askers = of == ApprovalSubject.Decision ? Drafting : Requesting;
                if (step.Roles.Count > 0 && step.Roles.All(askers.Contains))
                    Say("approves-own-request", step, "roles", new($"{En(step)} is given only by roles that ask for it themselves.", $"“{Zh(step)}”仅由提出申请的角色审批。"),
                        new("Name a role that does not ask: Finance, Legal, Branch head.", "请加入不提出申请的角色：财务、法务、分公司负责人。"));
                foreach (var role in step.Roles.Where(NeverApprove.Contains))
                    Say("role-never-approves", step, "roles", new($"{ProcedureWords.Of(role).English} never approves.", $"“{ProcedureWords.Of(role).Chinese}”不参与审批。"), new("Take the role out.", "请删除该角色。"));
                if (Customers && of == ApprovalSubject.Decision)
                    Say("only-offboarding", step, "of", new("A decision to end is approved only where the company ends the relationship.", "仅清退流程审批清退决定。"), new("Take the step out.", "请删除该步骤。"));
            }
        }

        // ---- the two ways to end --------------------------------------------------------------------------------------

        /// <summary>Kinds that people or systems finish some day, and that are not left out when the last service day is over.</summary>
        private static bool Delays(StepKind kind) =>
            kind is StepKind.Approve or StepKind.WindDown or StepKind.HandOver or StepKind.Formalities or StepKind.Reconcile or StepKind.OrderMoney or StepKind.Survey
                or StepKind.FollowUp or StepKind.CurePeriod or StepKind.Erase or StepKind.AutoCheck;

        /// <summary>A customer ends: identity first, and nothing of ours between the last service day and the certificate.</summary>
        public void CustomersEnd(IReadOnlyList<OfferBan> bans)
        {
            var identities = All(StepKind.VerifyIdentity).ToList();
            if (identities.Count != 1)
                Say("identity-first", identities.Skip(1).FirstOrDefault(), "kind", new("The customer's identity is verified once, at the beginning.", "身份核验须在流程开始时进行一次。"),
                    new("Begin with one step that verifies identity.", "请以一个身份核验步骤开始。"));
            else
                foreach (var step in Steps.Where(s => s == identities[0] ? s.After.Count > 0 : !IsAfter(s, identities[0])))
                    Say("identity-first", step, "after", new($"{En(step)} does not wait for the customer's identity.", $"“{Zh(step)}”未等待身份核验。"),
                        new($"Let it come after {En(identities[0])}.", $"请排在“{Zh(identities[0])}”之后。"));
            foreach (var step in All(StepKind.CurePeriod, StepKind.WindDown))
                Say("only-offboarding", step, "kind", new($"{En(step)} exists only where the company ends the relationship.", $"“{Zh(step)}”仅适用于清退流程。"), new("Take the step out.", "请删除该步骤。"));
            foreach (var step in Steps.Where(IsNotice))
                Say("only-offboarding", step, "letter", new($"The letter \"{step.Letter}\" exists only where the company ends the relationship.", $"“{step.Letter}”函件仅适用于清退流程。"), new("Take the step out, or choose the letter \"ended\".", "请删除该步骤，或改用“ended”函件。"));
            foreach (var wait in All(StepKind.WaitUntilDate))
                foreach (var before in Before(wait).Select(procedure.Step).Where(b => b.Kind != StepKind.VerifyIdentity && !IsRightOfOthers(b)))
                    Say("delays-end", wait, "after", new($"The last service day waits for {En(before)}: a step of ours never delays a customer's end.", $"生效日须等待“{Zh(before)}”：我方步骤不得拖延客户解约。"),
                        new("Let it come right after the identity.", "请直接排在身份核验之后。"));
            foreach (var end in Steps.Where(s => s.Kind is StepKind.Archive or StepKind.WorkOrders or StepKind.Certify || s is { Kind: StepKind.Notify, Letter: "ended" }))
                foreach (var before in Before(end).Select(procedure.Step).Where(b => (Delays(b.Kind) && !IsRightOfOthers(b)) || (b.Kind == StepKind.Period && end is { Kind: not StepKind.Certify, Irreversible: false })
                    || (b.Kind is StepKind.Talk or StepKind.CheckList && IsAfterAny(b, StepKind.WaitUntilDate))))
                    Say("delays-end", end, "after", new($"{En(end)} waits for {En(before)}: a missing step of ours never delays the end of service.", $"“{Zh(end)}”须等待“{Zh(before)}”：我方步骤缺失不得拖延终止服务。"),
                        new($"Let {En(before)} run beside it.", $"请让“{Zh(before)}”与其并行。"));
            foreach (var offer in All(StepKind.Offer))
                foreach (var ban in bans.Where(b => procedure.Hours.Place == b.Place && !Excludes(offer, b)))
                    Say("offer-forbidden", offer, "when", new($"{En(offer)} is forbidden in {ban.Place} once the customer has declared the end ({ban.Article}, rule {ban.Rule}).", $"在 {ban.Place}，客户提出解约后依法不得提出挽留方案（{ban.Article}，规则 {ban.Rule}）。"),
                        new(ban.Party is { } party ? $"Take it out, or let it be only for others than {party}." : "Take it out.", ban.Party is null ? "请删除该步骤。" : "请删除该步骤，或限定于该规则保护对象以外的客户。"));
        }

        /// <summary>Whether a step waits for nothing but the consent of others who have a right in the contract: that is no step of ours.</summary>
        private static bool IsRightOfOthers(ProcedureStep step) =>
            step.Kind == StepKind.AutoCheck && step.Items.Count > 0 && step.Items.All(i => i.Evidence && AutomaticCheck.RightsOfOthers.Contains(i.Code));

        private static bool Excludes(ProcedureStep offer, OfferBan ban) =>
            ban.Party is { } party && offer.When.Any(c => c.Fact == CaseFact.Party && !c.Holds(new Dictionary<CaseFact, string> { [CaseFact.Party] = $"{party}" }));

        /// <summary>
        /// Whether the company ends at once. The code says so, since cases on the spot are started by it ("hotel-immediate" of a trade); no
        /// other procedure may look like it.
        /// </summary>
        private bool IsImmediate => procedure.Kind == CaseKind.Offboarding && GeneralProcedures.IsImmediate(procedure.Id);

        /// <summary>An ending on the spot gives its written notice at the beginning; any other decides first.</summary>
        private void NoticeAtOnce()
        {
            if (IsImmediate && !Steps.Any(s => s is { Kind: StepKind.Notify, Letter: "immediate", After.Count: 0 }))
                Say("no-immediate-notice", null, "", new("The service stops at once, but the customer gets no written notice at once.", "立即停止服务，但未同时向客户发出书面通知。"),
                    new("Begin with a notice with the letter \"immediate\", which waits for nothing.", "请在开头添加“immediate”函件通知，且不设前置步骤。"));
            foreach (var notice in Steps.Where(s => !IsImmediate && s is { Kind: StepKind.Notify, Letter: "immediate" }))
                Say("immediate-elsewhere", notice, "letter", new($"{En(notice)} gives notice before the decision is reviewed, which only {GeneralProcedures.ImmediateId} and procedures whose code ends with -immediate do.", $"“{Zh(notice)}”在复核前即通知，仅流程 {GeneralProcedures.ImmediateId} 及代码以 -immediate 结尾的流程可用。"),
                    new("Choose the letter \"decision\", after the decision.", "请改用“decision”函件，并排在决定之后。"));
        }

        /// <summary>The company ends: a talk, a person's decision, a notice, and only then the last day.</summary>
        public void Offboarding()
        {
            foreach (var step in All(StepKind.VerifyIdentity, StepKind.Offer))
                Say("only-customers", step, "kind", new($"{En(step)} exists only where a customer ends a contract.", $"“{Zh(step)}”仅适用于客户提出的解约。"), new("Take the step out.", "请删除该步骤。"));
            NoticeAtOnce();
            if (Steps.FirstOrDefault(s => s is { Kind: StepKind.Approve, Of: ApprovalSubject.Decision }) is not { } decision)
            {
                Say("no-decision", null, "", new("Nobody decides that the relationship ends.", "没有由人作出清退决定的步骤。"), new("Add an approval of the decision.", "请添加清退决定的审批步骤。"));
                return;
            }
            foreach (var wait in All(StepKind.WaitUntilDate).Where(w => !IsAfter(w, decision)))
                Say("decision-first", wait, "after", new($"{En(wait)} does not wait for the decision.", $"“{Zh(wait)}”未等待清退决定。"), new($"Let it come after {En(decision)}.", $"请排在“{Zh(decision)}”之后。"));
            foreach (var cure in All(StepKind.CurePeriod).Where(c => !IsAfter(decision, c)))
                Say("cure-before-decision", cure, "", new($"{En(cure)} comes after the decision, or beside it.", $"“{Zh(cure)}”未排在清退决定之前。"), new($"Let {En(decision)} come after it.", $"请让“{Zh(decision)}”排在其后。"));
            if (IsImmediate)
            {
                // At once, but never alone: another person reviews within one working day.
                var workingDay = procedure.Hours.MinutesADay / 60;
                if (decision.DueHours is not { } due || due > workingDay || decision.TierHours?.Values.Any(h => h > workingDay) == true)
                    Say("review-too-late", decision, "dueHours", new($"An immediate ending is reviewed within one working day ({workingDay} hours).", $"立即清退须在一个工作日（{workingDay} 小时）内复核。"),
                        new($"Set its due time to at most {workingDay} hours.", $"请将时限设为不超过 {workingDay} 小时。"));
                return;
            }
            if (!IsAfterAny(decision, StepKind.Talk))
                Say("talk-first", decision, "after", new($"{En(decision)} is made without a talk with the customer.", $"“{Zh(decision)}”前未与客户沟通。"), new("Let it come after a talk.", "请排在沟通之后。"));
            foreach (var wait in All(StepKind.WaitUntilDate))
                if (!Steps.Any(s => s is { Kind: StepKind.Notify, Letter: "decision" } && IsAfter(s, decision) && IsAfter(wait, s)))
                    Say("no-notice", wait, "after", new("The relationship would end without the customer being told the decision and the reasons.", "未将清退决定及理由告知客户即生效。"),
                        new($"Add a notice with the letter \"decision\" between {En(decision)} and {En(wait)}.", $"请在“{Zh(decision)}”与“{Zh(wait)}”之间添加“decision”函件通知。"));
        }

        /// <summary>An order comes back: accepted, sent, inspected, refunded, confirmed, and nothing else of ours before the refund.</summary>
        public void Returns()
        {
            if (!IsReturn)
            {
                foreach (var step in All(OfReturns))
                    Say("only-returns", step, "kind", new($"{En(step)} exists only where an order is returned.", $"“{Zh(step)}”仅适用于退换货流程。"), new("Take the step out.", "请删除该步骤。"));
                return;
            }
            for (var i = 1; i < OfReturns.Length; i++)
                foreach (var step in All(OfReturns[i]).Where(s => !IsAfterAny(s, OfReturns[i - 1])))
                    Say("return-order", step, "after", new($"{En(step)} does not come after {ProcedureWords.Of(OfReturns[i - 1]).English}.", $"“{Zh(step)}”未排在“{ProcedureWords.Of(OfReturns[i - 1]).Chinese}”之后。"),
                        new("Let it come after that step.", "请排在该步骤之后。"));
            foreach (var settle in All(StepKind.SettleReturn))
                foreach (var before in Before(settle).Select(procedure.Step).Where(b => b.Kind != StepKind.VerifyIdentity && !OfReturns.Contains(b.Kind)))
                    Say("delays-refund", settle, "after", new($"{En(settle)} waits for {En(before)}: what the law gives back waits for nobody.", $"“{Zh(settle)}”须等待“{Zh(before)}”：依法应退的款项不得因我方步骤等待。"),
                        new("Take that step out, or let it come after the refund.", "请删除该步骤，或排在退款之后。"));
        }

        // ---- one step -------------------------------------------------------------------------------------------------

        /// <summary>A step has what its kind needs, and nothing that its kind does not know.</summary>
        public void Fields(ProcedureStep step)
        {
            void Needs(bool has, bool may, bool must, string field, string english, string chinese)
            {
                if (has && !may)
                    Say("not-of-this-kind", step, field, new($"{En(step)} has {english}, which a step of its kind does not know.", $"“{Zh(step)}”不适用“{chinese}”。"), new("Take it out.", "请删除。"));
                else if (must && !has)
                    Say("incomplete", step, field, new($"{En(step)} lacks {english}.", $"“{Zh(step)}”缺少“{chinese}”。"), new("Fill it in.", "请填写。"));
            }
            Needs(step.Of is not null, step.Kind == StepKind.Approve, false, "of", "something to approve", "审批内容");
            Needs(step.Letter is not null, step.Kind == StepKind.Notify, step.Kind == StepKind.Notify, "letter", "a letter", "函件");
            if (step is { Kind: StepKind.Notify, Letter: { } letter } && !Letters.Contains(letter) && procedure.Letter(letter) is null)
            {
                var known = Letters.Concat(procedure.Letters.Select(l => l.Code)).ToList();
                Say("unknown-letter", step, "letter", new($"There is no letter \"{letter}\".", $"没有“{letter}”函件。"), new($"Choose one of {string.Join(", ", known)}, or write it.", $"请选择：{string.Join("、", known)}，或新建函件。"));
            }
            foreach (var item in step.Items.Where(i => step.Kind == StepKind.AutoCheck && !AutomaticCheck.All.ContainsKey(i.Code)))
                Say("unknown-check", step, "items", new($"Nothing checks \"{item.Code}\" by itself.", $"“{item.Code}”无法自动检查。"),
                    new($"Use {string.Join(", ", AutomaticCheck.All.Keys)}, or a check-list for people.", $"可用：{string.Join("、", AutomaticCheck.All.Keys)}；其他请改用人工检查清单。"));
            Needs(step.From is not null, step.Kind == StepKind.Period, false, "from", "a day it is counted from", "起算日");
            Needs(step.AtOnce, step.Kind == StepKind.WaitUntilDate, false, "atOnce", "an end at once", "即时生效");
            Needs(step.Tasks.Count > 0, HasTasks(step.Kind), step.Kind is StepKind.WorkOrders or StepKind.HandOver, "tasks", "tasks", "工单");
            Needs(step.Items.Count > 0, HasItems(step.Kind), step.Kind is StepKind.CheckList or StepKind.AutoCheck, "items", "items", "检查项");
            Needs(step.Days is not null, HasDays(step.Kind), HasDays(step.Kind), "days", "days", "天数");
            Needs(step.Manual, step.Kind == StepKind.OrderMoney, false, "manual", "a release by a person", "人工放行");
            Needs(step.Roles.Count > 0, true, NeedsPeople(step.Kind), "roles", "the roles that act", "办理角色");
            if (step.DueHours is not null && step.EscalateTo.Count == 0)
                Say("nobody-told", step, "escalateTo", new($"{En(step)} has a due time, but nobody is told when it is over.", $"“{Zh(step)}”有时限，但逾期时无人被提醒。"), new("Say who is told.", "请填写逾期提醒的角色。"));
            if (step.DueHours is null && step.TierHours is { Count: > 0 })
                Say("never-due", step, "dueHours", new($"{En(step)} has due times for tiers, but none for everybody else.", $"“{Zh(step)}”有分级时限，但缺少一般时限。"), new("Set a due time.", "请填写时限。"));
            if (step.DueHours is null && step.EscalateTo.Count > 0)
                Say("never-due", step, "dueHours", new($"{En(step)} says who is told when it is overdue, but has no due time.", $"“{Zh(step)}”填写了逾期提醒，但没有时限。"), new("Set a due time, or take the roles out.", "请填写时限或删除提醒角色。"));
            foreach (var condition in step.When)
                Condition(step, condition);
        }

        /// <summary>A condition looks at what is known when its step starts.</summary>
        private void Condition(ProcedureStep step, StepCondition condition)
        {
            if (_problems.Any(p => p.Code is "procedure.unknown-step" or "procedure.unreachable" or "procedure.repeated-step"))
                return;
            StepKind? source = condition.Fact switch { CaseFact.Amount => StepKind.Settle, CaseFact.Reason => StepKind.Talk, _ => null };
            if (source is { } kind && !IsAfterAny(step, kind))
                Say("condition-too-early", step, "when", new($"{En(step)} looks at something that is known only after {ProcedureWords.Of(kind).English}.", $"“{Zh(step)}”的条件须在“{ProcedureWords.Of(kind).Chinese}”之后才能判断。"),
                    new("Move the step, or take the condition out.", "请移动该步骤或删除条件。"));
            if (condition.Fact == CaseFact.Ground && Customers)
                Say("only-offboarding", step, "when", new("Only an offboarding has a ground.", "仅清退流程有清退事由。"), new("Take the condition out.", "请删除该条件。"));
        }
    }
}
