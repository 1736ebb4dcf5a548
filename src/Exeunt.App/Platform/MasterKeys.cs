using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Exeunt.App.Platform;

/// <summary>
/// The master keys of an installation, one for each epoch that is not over, in a file of its own readable by its owner only. A
/// key store is wrapped by the newest; an older one stays in the file until nothing living is wrapped by it any more, and is then
/// destroyed, which makes every older copy of the key store junk. The file tells whom it belongs to: two installations that share
/// one would destroy each other's epochs, so only the one named in it begins new ones.
/// </summary>
/// <remarks>
/// Lines: "exeunt-master-keys 2"; "at FILE" and "of PLACE", the file's own path and the installation that uses it; "epoch N TIME HEX";
/// "destroyed N TIME"; "shared N TIME SHARES NEEDED"; "recovered TIME". A file of one line of 64 hexadecimal digits is epoch 1 of nobody yet.
/// </remarks>
public sealed class MasterKeys
{
    private const string Heading = "exeunt-master-keys 2";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead;
    private readonly Lock _lock = new();
    private readonly string _named;
    private readonly string _place;
    private Content _content;

    private MasterKeys(string named, string place, Content content) => (File, _named, _place, _content) = (Real(named), named, place, content);

    /// <summary>The file itself, where the name that was given is a link to it: it is locked, replaced and overwritten where it lies, and the link stays.</summary>
    public string File { get; }

    /// <summary>Where the second copy of the key store lies unless --keys-copy names another place: beside this file, by the name that was given.</summary>
    public string DefaultCopy => Path.ChangeExtension(_named, ".keys.db");

    /// <summary>The newest epoch the file knows.</summary>
    public int Newest => _content.Keys.Keys.Max();

    /// <summary>The oldest epoch whose key is not destroyed.</summary>
    public int Oldest => _content.Keys.Keys.Min();

    /// <summary>Epochs whose key was destroyed, and when.</summary>
    public IReadOnlyDictionary<int, DateTimeOffset> Destroyed => _content.Destroyed;

    /// <summary>The times they were given out in shares, the newest last: as the file says now.</summary>
    public IReadOnlyList<KeySharing> Shared => AsWritten.Shared;

    /// <summary>When the file was written anew from shares, the newest last: as the file says now.</summary>
    public IReadOnlyList<DateTimeOffset> Recovered => AsWritten.Recovered;

    /// <summary>The file as it is now, which a command beside the server writes. The keys stay those that were read.</summary>
    private Content AsWritten
    {
        get
        {
            try
            {
                return Parse(File, System.IO.File.ReadAllText(File));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // What is wrong with it is said where the keys are needed.
                return _content;
            }
        }
    }

    /// <summary>The installation that the file belongs to when it is another than ours; null: ours.</summary>
    public string? Foreign => _content.At == File && _content.Of is { } other && other != _place ? other : null;

    /// <summary>The key of an epoch; null when it is destroyed or was never here. Reads the file again for one it does not know: another node may have begun it.</summary>
    public byte[]? Of(int epoch)
    {
        lock (_lock)
        {
            if (!_content.Keys.ContainsKey(epoch) && System.IO.File.Exists(File))
                Refresh();
            return _content.Keys.GetValueOrDefault(epoch);
        }
    }

    /// <summary>Opens the keys of an installation; makes the file, with epoch 1, on the very first start.</summary>
    /// <exception cref="InvalidDataException">There is a key store but no master key, or the file is not of its form.</exception>
    public static MasterKeys Load(HostOptions options)
    {
        var file = options.MasterKey ?? DefaultFile(options);
        var place = PlaceOf(options);
        if (System.IO.File.Exists(file))
            return new MasterKeys(file, place, Parse(file, System.IO.File.ReadAllText(file)));
        var real = Real(file);
        if (System.IO.File.Exists(options.KeysFile))
            throw new InvalidDataException($"The master key {file} is missing, and without it this data folder cannot be read. Put it back or name it with --master-key FILE.");
        // Whole or not at all: a first start that was cut off begins anew.
        var made = new Content(real, place, new() { [1] = RandomNumberGenerator.GetBytes(32) }, [], [], [], []);
        System.IO.File.Move(WriteBeside(real, made), real);
        return new MasterKeys(file, place, made);
    }

    /// <summary>The keys of an installation, when their file is there; nothing is made.</summary>
    /// <exception cref="InvalidDataException">The file is not of its form.</exception>
    public static MasterKeys? Find(HostOptions options)
    {
        return KnownFile(options) is { } file && System.IO.File.Exists(file) ? new MasterKeys(file, PlaceOf(options), Parse(file, System.IO.File.ReadAllText(file))) : null;
    }

    /// <summary>The keys in a file's text, which is in no file yet.</summary>
    /// <exception cref="InvalidDataException">The text is not of its form.</exception>
    public static MasterKeys Read(string text, HostOptions options) => new("", PlaceOf(options), Parse("What the shares give", text));

    /// <summary>Writes them where the installation looks for its master keys, as its own, with a note that they were recovered.</summary>
    /// <returns>The file.</returns>
    /// <exception cref="InvalidDataException">There is one already, or nobody can know where it is looked for.</exception>
    public string WriteTo(HostOptions options, DateTimeOffset at)
    {
        var file = Real(KnownFile(options) ?? throw new InvalidDataException($"There is no installation in {options.Data}: name the place of the master key with --master-key FILE."));
        if (System.IO.File.Exists(file))
            throw new InvalidDataException($"{file} is there, and is not written over. Move it away first, or name another place with --master-key FILE.");
        System.IO.File.Move(WriteBeside(file, _content with { At = file, Of = PlaceOf(options), Recovered = [.. _content.Recovered, at] }), file);
        return file;
    }

    /// <summary>Gives the keys out in shares (<see cref="KeyShares"/>), and notes it first: what was noted and stopped is the lesser harm.</summary>
    /// <returns>The shares' files.</returns>
    /// <exception cref="InvalidDataException">An epoch is just ending, or the file is another installation's.</exception>
    /// <exception cref="IOException">A share, or the note, cannot be written; there are no shares then.</exception>
    public IReadOnlyList<string> Share(string folder, int shares, int needed, DateTimeOffset at)
    {
        if (!Claim())
            throw new InvalidDataException($"{File} belongs to {Foreign}.");
        lock (_lock)
        {
            using var turn = Turn();
            Refresh();
            // They would hold the key of the old one too, and outlive it.
            if (Oldest != Newest)
                throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"Epoch {Oldest} is just ending. Make the shares when it is over: ./exeunt keys says when."));
            var before = _content;
            var sharing = new KeySharing(Newest, at, shares, needed);
            Replace(_content with { Shared = [.. _content.Shared, sharing] });
            try
            {
                return KeyShares.Write(folder, TextOf(_content), sharing);
            }
            catch
            {
                Replace(before);
                throw;
            }
        }
    }

    /// <summary>Takes the file for this installation when it belongs to nobody yet, or is a copy of another file.</summary>
    /// <returns>Whether it is ours now.</returns>
    public bool Claim()
    {
        lock (_lock)
        {
            if (_content.Of == _place)
                return true;
            using var turn = Turn();
            Refresh();
            if (Foreign is not null)
                return false;
            if (_content.At != File || _content.Of != _place)
                Replace(_content with { At = File, Of = _place });
            return true;
        }
    }

    /// <summary>Takes the file for this installation, whosever it was: after the other is retired.</summary>
    public void Take()
    {
        lock (_lock)
        {
            using var turn = Turn();
            Refresh();
            Replace(_content with { At = File, Of = _place });
        }
    }

    /// <summary>Adds the key of a new epoch, durably; does nothing when it is there.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Begin(int epoch, DateTimeOffset at)
    {
        lock (_lock)
        {
            using var turn = Turn();
            Refresh();
            if (Of(epoch) is not null)
                return;
            if (_content.Destroyed.ContainsKey(epoch))
                throw new InvalidOperationException($"Epoch {epoch} was destroyed.");
            Replace(_content with { Keys = new(_content.Keys) { [epoch] = RandomNumberGenerator.GetBytes(32) }, Began = new(_content.Began) { [epoch] = at } });
        }
    }

    /// <summary>Destroys the keys of all epochs before one: they are in no file any more when this returns.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public IReadOnlyList<int> DestroyBefore(int epoch, DateTimeOffset at)
    {
        lock (_lock)
        {
            using var turn = Turn();
            Refresh();
            if (Of(epoch) is null)
                throw new InvalidOperationException($"There is no epoch {epoch} that could stay.");
            var gone = _content.Keys.Keys.Where(e => e < epoch).Order().ToList();
            if (gone.Count == 0)
                return gone;
            var destroyed = new Dictionary<int, DateTimeOffset>(_content.Destroyed);
            gone.ForEach(e => destroyed[e] = at);
            Replace(_content with { Keys = _content.Keys.Where(k => k.Key >= epoch).ToDictionary(), Destroyed = destroyed });
            return gone;
        }
    }

    /// <summary>Where a file lies that is named by a link; the name itself where it is none.</summary>
    /// <exception cref="InvalidDataException">The link leads elsewhere than its text says.</exception>
    private static string Real(string file)
    {
        if (file.Length == 0 || new FileInfo(file).LinkTarget is null)
            return file;
        var real = System.IO.File.ResolveLinkTarget(file, returnFinalTarget: true)!.FullName;
        // A relative link in a folder that is a link itself.
        return System.IO.File.Exists(real) == System.IO.File.Exists(file) ? real : throw new InvalidDataException($"The master key {file} is a link that cannot be followed. Name the file it leads to with --master-key FILE.");
    }

    /// <summary>Over all nodes one at a time changes the file.</summary>
    /// <exception cref="IOException">Another holds it for long.</exception>
    private FileStream Turn()
    {
        for (var tries = 1; ; tries++)
            try
            {
                return new FileStream(File + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (tries < 50)
            {
                Thread.Sleep(100);
            }
    }

    /// <summary>What another node wrote meanwhile must not be overwritten by what we knew.</summary>
    private void Refresh() => _content = Parse(File, System.IO.File.ReadAllText(File));

    /// <summary>
    /// Writes the new file beside the old one and renames it; the old one's bytes are then overwritten as far as the disk lets us
    /// (flash may keep them: docs/operations.md).
    /// </summary>
    private void Replace(Content next)
    {
        var fresh = WriteBeside(File, next);
        if (Parse(fresh, System.IO.File.ReadAllText(fresh)).Keys.Count != next.Keys.Count)
            throw new IOException($"{fresh} did not read back as it was written.");
        if (!OperatingSystem.IsWindows())
            System.IO.File.SetUnixFileMode(File, OwnerOnly | UnixFileMode.UserWrite);
        using (var old = new FileStream(File, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            System.IO.File.Move(fresh, File, overwrite: true);
            old.Write(RandomNumberGenerator.GetBytes((int)old.Length));
            old.Flush(flushToDisk: true);
        }
        _content = next;
    }

    /// <summary>Writes a content durably beside the file whose place it is to take.</summary>
    private static string WriteBeside(string file, Content content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var fresh = file + ".new";
        System.IO.File.Delete(fresh);
        using var stream = new FileStream(fresh, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        stream.Write(Encoding.UTF8.GetBytes(TextOf(content)));
        stream.Flush(flushToDisk: true);
        return fresh;
    }

    private static string TextOf(Content content)
    {
        var text = new StringBuilder().Append(Heading).Append('\n')
            .Append(CultureInfo.InvariantCulture, $"at {content.At}\nof {content.Of}\n");
        foreach (var (epoch, key) in content.Keys.OrderBy(k => k.Key))
            text.Append(CultureInfo.InvariantCulture, $"epoch {epoch} {Time(content.Began.GetValueOrDefault(epoch))} {Convert.ToHexStringLower(key)}\n");
        foreach (var (epoch, at) in content.Destroyed.OrderBy(k => k.Key))
            text.Append(CultureInfo.InvariantCulture, $"destroyed {epoch} {Time(at)}\n");
        foreach (var sharing in content.Shared)
            text.Append(CultureInfo.InvariantCulture, $"shared {sharing.Epoch} {Time(sharing.At)} {sharing.Shares} {sharing.Needed}\n");
        foreach (var at in content.Recovered)
            text.Append(CultureInfo.InvariantCulture, $"recovered {Time(at)}\n");
        return text.ToString();
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Content Parse(string file, string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            if (lines is [var bare])
                return new Content(null, null, new() { [1] = Key(bare) }, [], [], [], []);
            if (lines is not [Heading, ..])
                throw new FormatException();
            var content = new Content(null, null, [], [], [], [], []);
            foreach (var line in lines.Skip(1))
            {
                var words = line.Split(' ');
                switch (words[0])
                {
                    case "at":
                        content = content with { At = line.Length > 3 ? line[3..] : null };
                        break;
                    case "of":
                        content = content with { Of = line.Length > 3 ? line[3..] : "" };
                        break;
                    case "epoch":
                        content.Keys.Add(Number(words[1]), Key(words[3]));
                        content.Began[Number(words[1])] = When(words[2]);
                        break;
                    case "destroyed":
                        content.Destroyed.Add(Number(words[1]), When(words[2]));
                        break;
                    case "shared":
                        content.Shared.Add(new KeySharing(Number(words[1]), When(words[2]), Number(words[3]), Number(words[4])));
                        break;
                    case "recovered":
                        content.Recovered.Add(When(words[1]));
                        break;
                    default:
                        throw new FormatException();
                }
            }
            return content.Keys.Count > 0 ? content : throw new FormatException();
        }
        catch (Exception e) when (e is FormatException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{file} is not a master key file of this version.", e);
        }

        static int Number(string digits) => int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

        static DateTimeOffset When(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        static byte[] Key(string hex) => Convert.FromHexString(hex) is { Length: 32 } key ? key : throw new FormatException();
    }

    /// <summary>Where the master keys are looked for; null where there is no installation that would have a name for them.</summary>
    private static string? KnownFile(HostOptions options) =>
        options.MasterKey is null && options.Database is null && !System.IO.File.Exists(Path.Combine(options.Data, "installation")) ? null : options.MasterKey ?? DefaultFile(options);

    private static string DefaultFile(HostOptions options)
    {
        var config = Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } xdg
            ? xdg
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify), ".config");
        return Path.Combine(config, "exeunt", "keys", Installation(options) + ".key");
    }

    /// <summary>The installation's address: the data folder, or a digest of the database's.</summary>
    private static string PlaceOf(HostOptions options) => options.Database is { } database ? PostgresName(database) : options.Data;

    /// <summary>A random name of the installation, kept in the data folder (embedded) or derived from the database's address.</summary>
    private static string Installation(HostOptions options)
    {
        if (options.Database is { } database)
            return PostgresName(database);
        Directory.CreateDirectory(options.Data);
        var file = Path.Combine(options.Data, "installation");
        if (!System.IO.File.Exists(file))
        {
            System.IO.File.WriteAllText(file + ".new", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
            System.IO.File.Move(file + ".new", file);
        }
        return System.IO.File.ReadAllText(file).Trim();
    }

    private static string PostgresName(string database)
    {
        var builder = new NpgsqlConnectionStringBuilder(database);
        return "pg-" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{builder.Host}|{builder.Port}|{builder.Database}")))[..16];
    }

    private sealed record Content(
        string? At, string? Of, Dictionary<int, byte[]> Keys, Dictionary<int, DateTimeOffset> Began, Dictionary<int, DateTimeOffset> Destroyed, List<KeySharing> Shared,
        List<DateTimeOffset> Recovered);
}
