using System.Text;
using Exeunt.App.Platform;

namespace Exeunt.App.Features.World;

/// <summary>
/// Which folder of the world (bank, mails, exports) this node writes to. Nodes may share one or have their own; what was handed over through one
/// is not seen in another.
/// </summary>
internal static class WorldFolder
{
    /// <summary>The folder's own number, made once and kept in it.</summary>
    public static async Task<string> Id(HostOptions options, CancellationToken ct)
    {
        var file = Path.Combine(options.World, "world.id");
        if (!File.Exists(file))
        {
            Directory.CreateDirectory(options.World);
            await Whole.WriteNew(file, Encoding.ASCII.GetBytes(Guid.NewGuid().ToString("N")), ct);
        }
        return await File.ReadAllTextAsync(file, ct);
    }
}
