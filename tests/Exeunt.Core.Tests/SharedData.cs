using Xunit;

namespace Exeunt.Core.Tests;

/// <summary>The folder of real data that lies beside the project (<c>../shared/data</c>), where there is one.</summary>
internal static class SharedData
{
    /// <summary>The folder, or null. The environment variable EXEUNT_SHARED may name <c>shared</c> instead.</summary>
    public static string? Folder { get; } =
        Candidates().Select(shared => Path.Combine(shared, "data")).FirstOrDefault(Directory.Exists);

    public static string File(string name) => Path.Combine(Folder!, name);

    private static IEnumerable<string> Candidates()
    {
        if (Environment.GetEnvironmentVariable("EXEUNT_SHARED") is { Length: > 0 } named)
            yield return named;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Exeunt.slnx")))
                yield return Path.Combine(folder.FullName, "..", "shared");
    }
}

/// <summary>A test on a file of the real data; skipped with a message where the file is not.</summary>
internal sealed class SharedDataFactAttribute : FactAttribute
{
    public SharedDataFactAttribute(string file)
    {
        if (SharedData.Folder is null || !File.Exists(SharedData.File(file)))
            Skip = $"../shared/data/{file} is not there";
    }
}
