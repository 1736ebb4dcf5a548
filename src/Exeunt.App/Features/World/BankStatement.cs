using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Exeunt.App.Features.World;

/// <summary>
/// The demo bank's statement: every order it was handed, as if it had been paid at once (refunds go out, claims come in), and one line of its
/// own without a reference, so that an unmatched line is seen. The same orders give the same lines.
/// </summary>
public sealed class BankStatement(HostOptions options)
{
    public const string Header = "date,amount,currency,text";

    public async Task<string> Read(CancellationToken ct)
    {
        var folder = Path.Combine(options.World, "bank", "orders");
        var text = new StringBuilder(Header).Append('\n');
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.json").Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
        {
            using var order = JsonDocument.Parse(await File.ReadAllTextAsync(file, ct));
            var root = order.RootElement;
            var refund = root.GetProperty("direction").GetString() == "Refund";
            text.Append(CultureInfo.InvariantCulture,
                $"{root.GetProperty("orderedOn").GetString()},{(refund ? "-" : "")}{root.GetProperty("amount").GetString()},{root.GetProperty("currency").GetString()},{(refund ? "Refund" : "Payment")} {root.GetProperty("reference").GetString()}\n");
        }
        return text.Append("2026-01-05,12.34,CNY,Interest on deposit\n").ToString();
    }
}
