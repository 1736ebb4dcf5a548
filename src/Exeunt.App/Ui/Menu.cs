using Exeunt.App.Platform;

namespace Exeunt.App.Ui;

/// <summary>
/// One page of the left menu. Its word is the text "menu.KEY"; <paramref name="Letter"/> goes there after <c>g</c>.
/// </summary>
public sealed record MenuItem(string Key, string Path, Permission Permission, string Icon, char Letter);

/// <summary>The left menu, by noun. An item is added when its page exists.</summary>
public static class Menu
{
    public static readonly IReadOnlyList<MenuItem> Items =
    [
        new("today", "/today", Permission.Staff, "sun", 't'),
        new("cases", "/cases", Permission.ViewCases, "briefcase", 'c'),
        new("intake", "/intake", Permission.HandleCases, "inbox", 'e'),
        new("calendar", "/calendar", Permission.Staff, "calendar", 'l'),
        new("work", "/work", Permission.CarryOutWork, "list-check", 'w'),
        new("customers", "/customers", Permission.ViewCustomers, "users", 'u'),
        new("handovers", "/hand-overs", Permission.HandOverCustomers, "arrow-right", 'o'),
        new("voice", "/voice", Permission.ViewFeedback, "message-2", 'v'),
        new("watch", "/watch", Permission.ViewWatch, "activity-heartbeat", 'h'),
        new("money", "/money", Permission.ViewMoney, "coin", 'm'),
        new("policies", "/policies", Permission.ViewPolicies, "scale", 'p'),
        new("rules", "/rules", Permission.ViewPolicies, "file-text", 'r'),
        new("proof", "/proof", Permission.ViewProof, "shield-check", 'd'),
        new("imports", "/imports", Permission.ImportData, "download", 'i'),
        new("admin", "/admin", Permission.ManageStaff, "settings", 'a'),
    ];

    /// <summary>The items whose pages the caller may open.</summary>
    public static IEnumerable<MenuItem> For(Caller caller) => Items.Where(i => caller.May(i.Permission));
}

/// <summary>One step of the path above a page's title; without an address it is where we are.</summary>
public sealed record Crumb(string Text, string? Href = null);
