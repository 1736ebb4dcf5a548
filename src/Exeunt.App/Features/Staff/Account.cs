using Exeunt.App.Platform;
using Exeunt.Core;
using Microsoft.AspNetCore.Identity;

namespace Exeunt.App.Features.Staff;

/// <summary>
/// What people do with their own sign-in: password, second factor, language. Everything that weakens an account asks for
/// a proof again, and ends the other sessions.
/// </summary>
public sealed class Account(UserManager<StaffMember> users, StaffDb staff, SignIn signIn, OneTimeLinks links, PasswordTurn turn)
{
    public const int RecoveryCodes = 10;

    /// <summary>Sets the first password with a one-time link, which is used up by it.</summary>
    public async Task<Outcome<StaffMember>> Welcome(string token, string? fresh, string? again, CancellationToken ct)
    {
        if (await links.Find(token, ct) is not { } member)
            return StaffRefusals.LinkGone;
        if (Unfit(fresh, again) is { } refusal)
            return refusal;
        using var mine = await turn.Enter(ct);
        if (mine is null)
            return Problems.TooManyRequests;
        staff.ActorId = StaffDirectory.IdOf(member.Id);
        await links.End(member, ct);
        member.EmailConfirmed = true;
        return (await users.AddPasswordAsync(member, fresh!)).Succeeded ? member : StaffRefusals.LinkGone;
    }

    public async Task<Outcome<StaffMember>> ChangePassword(StaffMember me, string? password, string? fresh, string? again, CancellationToken ct)
    {
        if (Unfit(fresh, again) is { } refusal)
            return refusal;
        using var mine = await turn.Enter(ct);
        if (mine is null)
            return Problems.TooManyRequests;
        var member = await Mine(me);
        if (password is null or { Length: > StaffRefusals.MaxPassword } || await users.IsLockedOutAsync(member))
            return StaffRefusals.PasswordWrong;
        if ((await users.ChangePasswordAsync(member, password, fresh!)).Succeeded)
            return member;
        await signIn.CountFailure(member, ct);
        return StaffRefusals.PasswordWrong;
    }

    /// <summary>Makes a new authenticator key; it counts only after <see cref="ConfirmSecondFactor"/>.</summary>
    public async Task<Outcome<StaffMember>> StartSecondFactor(StaffMember me)
    {
        var member = await Mine(me);
        if (member.TwoFactorEnabled)
            return StaffRefusals.SecondFactorOn;
        await users.ResetAuthenticatorKeyAsync(member);
        return member;
    }

    /// <summary>The key being set up, in base32; null when none is.</summary>
    public async Task<string?> KeyInSetUp(StaffMember me)
    {
        var member = await Mine(me);
        return member.TwoFactorEnabled ? null : await users.GetAuthenticatorKeyAsync(member);
    }

    /// <summary>Turns the second factor on with a first right code; the answer is the recovery codes, shown this once.</summary>
    public async Task<Outcome<(StaffMember Member, IReadOnlyList<string> Codes)>> ConfirmSecondFactor(StaffMember me, string? code, CancellationToken ct)
    {
        var member = await Mine(me);
        if (member.TwoFactorEnabled)
            return StaffRefusals.SecondFactorOn;
        if (await users.GetAuthenticatorKeyAsync(member) is null)
            return StaffRefusals.SecondFactorNotStarted;
        if ((await signIn.CheckCode(member, code, ct)).Refusal is not null)
            return StaffRefusals.CodeWrong;
        await users.SetTwoFactorEnabledAsync(member, true);
        var codes = await users.GenerateNewTwoFactorRecoveryCodesAsync(member, RecoveryCodes);
        return (member, [.. codes!]);
    }

    /// <summary>Turns the second factor off; takes a code, as signing in does.</summary>
    public async Task<Outcome<StaffMember>> TurnOffSecondFactor(StaffMember me, string? code, CancellationToken ct)
    {
        var member = await Mine(me);
        if (!member.TwoFactorEnabled)
            return member;
        if ((await signIn.CheckCode(member, code, ct)).Refusal is not null)
            return StaffRefusals.CodeWrong;
        await users.SetTwoFactorEnabledAsync(member, false);
        await ForgetSecondFactor(users, member);
        return member;
    }

    public async Task SetLanguage(StaffMember me, string language)
    {
        var member = await Mine(me);
        member.Language = language == "zh" ? "zh" : "en";
        await users.UpdateAsync(member);
    }

    /// <summary>Removes the authenticator's key and the recovery codes.</summary>
    internal static async Task ForgetSecondFactor(UserManager<StaffMember> users, StaffMember member)
    {
        foreach (var name in (string[])["AuthenticatorKey", "RecoveryCodes"])
            await users.RemoveAuthenticationTokenAsync(member, "[AspNetUserStore]", name);
    }

    private async Task<StaffMember> Mine(StaffMember me) => (await users.FindByIdAsync(me.Id.ToString()))!;

    private static Refusal? Unfit(string? fresh, string? again) =>
        fresh is null or { Length: < StaffRefusals.MinPassword or > StaffRefusals.MaxPassword } ? StaffRefusals.PasswordTooShort
        : fresh != again ? StaffRefusals.PasswordsDiffer
        : null;
}
