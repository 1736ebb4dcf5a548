using Exeunt.Core;

namespace Exeunt.App.Features.Staff;

public static class StaffRefusals
{
    public const int MinPassword = 12;
    public const int MaxPassword = 200;
    public const int MaxName = 80;

    public static readonly Refusal SignInFirst = new(RefusalKind.Forbidden, "sign-in-first",
        "Sign in first: with a bearer token from POST /api/sign-in, or in the browser at /sign-in.", "请先登录：使用 POST /api/sign-in 取得令牌，或在浏览器中打开 /sign-in。");

    public static readonly Refusal SignInFailed = new(RefusalKind.Invalid, "sign-in-failed",
        "Mail, password or code is wrong, or the account is locked for a while after several failures.", "邮箱、密码或验证码有误，或账户因多次失败已被暂时锁定。");

    public static readonly Refusal CodeNeeded = new(RefusalKind.Invalid, "second-factor-needed",
        "Enter the six digits from your authenticator app, or a recovery code.", "请输入验证器中的六位数字，或一个恢复码。", Field: "code");

    public static readonly Refusal CodeWrong = new(RefusalKind.Invalid, "staff.code-wrong",
        "This code is not right. Wait for the next one and check the clock of your phone.", "验证码不正确。请等待下一个验证码，并检查手机时间。", Field: "code");

    public static readonly Refusal PasswordWrong = new(RefusalKind.Invalid, "staff.password-wrong",
        "This is not your present password, or the account is locked for a while after several failures.", "当前密码不正确，或账户因多次失败已被暂时锁定。", Field: "password");

    public static readonly Refusal PasswordTooShort = new(RefusalKind.Invalid, "staff.password-too-short",
        $"At least {MinPassword} characters, please (and at most {MaxPassword}). Several words are easier to remember than signs.",
        $"密码至少 {MinPassword} 个字符（最多 {MaxPassword} 个）。几个词连在一起比符号更好记。", Field: "fresh");

    public static readonly Refusal PasswordsDiffer = new(RefusalKind.Invalid, "staff.passwords-differ",
        "The two passwords are not the same.", "两次输入的密码不一致。", Field: "again");

    public static readonly Refusal LinkGone = new(RefusalKind.NotFound, "staff.link-gone",
        "This link was used already or is older than 24 hours. Ask an administrator for a new one.", "此链接已使用或已超过 24 小时。请联系管理员重新获取。");

    public static readonly Refusal SecondFactorOn = new(RefusalKind.Conflict, "staff.second-factor-on",
        "The second factor is on already. Turn it off before setting up another one.", "双重验证已启用。如需重新设置，请先关闭。");

    public static readonly Refusal SecondFactorNotStarted = new(RefusalKind.Conflict, "staff.second-factor-not-started",
        "Start the set-up of the second factor first.", "请先开始设置双重验证。");

    public static readonly Refusal MailInvalid = new(RefusalKind.Invalid, "staff.mail-invalid",
        "This is not a mail address.", "邮箱地址格式不正确。", Field: "mail");

    public static readonly Refusal MailTaken = new(RefusalKind.Invalid, "staff.mail-taken",
        "There is a person with this mail address already.", "该邮箱已被使用。", Field: "mail");

    public static readonly Refusal RoleHeld = new(RefusalKind.Conflict, "staff.role-held",
        "The person holds this role for this unit already.", "该人员已在此单位担任该角色。");

    public static readonly Refusal NotYourself = new(RefusalKind.Conflict, "staff.not-yourself",
        "You cannot change your own roles, disable or reset yourself: another administrator can.", "不能更改自己的角色、停用或重置自己：请由另一位管理员操作。");

    public static readonly Refusal OutsideYourUnits = new(RefusalKind.Forbidden, "staff.outside-your-units",
        "This person holds roles outside the units you administer. An administrator of those units can do this.", "该人员在您管理范围之外的单位任职，须由相应单位的管理员操作。");

    public static Refusal UnknownUnit(string code) => new(RefusalKind.Invalid, "unit.unknown",
        $"There is no unit with the code {code} among yours. \"exeunt unit list\" and the page /admin/units list them.", $"您的管理范围内没有代码为 {code} 的单位。请查看 /admin/units。", Field: "unit");

    public static Refusal UnknownPerson(string mail) => new(RefusalKind.NotFound, "staff.unknown",
        $"There is no person with the mail address {mail}.", $"没有邮箱为 {mail} 的人员。");
}
