namespace Exeunt.App.Commands;

/// <summary>The command line is wrong: the message says how, the exit code is 1.</summary>
public sealed class UsageException(string message) : Exception(message);

/// <summary>What follows a command's name: words, and the options it knows ("--role ROLE" takes a value, "--force" does not).</summary>
public sealed class Arguments
{
    private readonly Dictionary<string, string> _options = new(StringComparer.Ordinal);
    private readonly List<(string Option, string Value)> _all = [];

    private Arguments()
    {
    }

    public IReadOnlyList<string> Words { get; private init; } = [];

    /// <summary>The value of an option, or null.</summary>
    public string? this[string option] => _options.GetValueOrDefault(option);

    /// <summary>All values of an option that may be repeated, in the order they were typed.</summary>
    public IReadOnlyList<string> All(string option) => [.. _all.Where(o => o.Option == option).Select(o => o.Value)];

    public bool Has(string option) => _options.ContainsKey(option);

    /// <summary>The value of an option that must be given.</summary>
    public string Need(string option) => this[option] ?? throw new UsageException($"{option} is missing.");

    /// <param name="args">What was typed.</param>
    /// <param name="known">The options, each as in the help: "--role ROLE", "--force".</param>
    /// <exception cref="UsageException">An unknown option, or one without its value; an empty word.</exception>
    public static Arguments Parse(IReadOnlyList<string> args, params string[] known)
    {
        var words = new List<string>();
        var parsed = new Arguments { Words = words };
        var takesValue = known.ToDictionary(k => k.Split(' ')[0], k => k.Contains(' ', StringComparison.Ordinal), StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal))
            {
                // A variable of a script that holds nothing.
                if (args[i].Length == 0)
                    throw new UsageException("An argument is empty.");
                words.Add(args[i]);
                continue;
            }
            var (name, inline) = Split(args[i]);
            if (!takesValue.TryGetValue(name, out var value))
                throw new UsageException($"Unknown option {name}.{Nearest.Hint(name, takesValue.Keys.Concat(Cli.Options))}");
            if (!value && inline is not null)
                throw new UsageException($"{name} takes no value.");
            parsed._options[name] = !value ? "" : inline ?? (i + 1 < args.Count && !args[i + 1].StartsWith("--", StringComparison.Ordinal)
                ? args[++i]
                : throw new UsageException($"{name} needs a value."));
            if (value && parsed._options[name].Length == 0)
                throw new UsageException($"{name} needs a value.");
            parsed._all.Add((name, parsed._options[name]));
        }
        return parsed;
    }

    /// <summary>"--role=AGENT" → ("--role", "AGENT").</summary>
    internal static (string Name, string? Value) Split(string option)
    {
        var at = option.IndexOf('=', StringComparison.Ordinal);
        return at < 0 ? (option, null) : (option[..at], option[(at + 1)..]);
    }
}

/// <summary>Finds what somebody probably meant.</summary>
internal static class Nearest
{
    /// <summary>" Did you mean X?", or nothing when no name is near.</summary>
    public static string Hint(string typed, IEnumerable<string> names)
    {
        var best = names.Select(n => (Name: n, Distance: Distance(typed, n))).OrderBy(n => n.Distance).ThenBy(n => n.Name, StringComparer.Ordinal).FirstOrDefault();
        return best.Name is not null && best.Distance <= Math.Max(2, typed.Length / 2) ? $" Did you mean {best.Name}?" : "";
    }

    /// <summary>Levenshtein's distance: insertions, deletions and replacements between two words.</summary>
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
