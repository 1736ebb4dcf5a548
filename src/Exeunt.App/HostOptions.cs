using System.Net;

namespace Exeunt.App;

/// <summary>What the command line decides about one installation. Paths are absolute.</summary>
public sealed record HostOptions
{
    /// <summary>The data folder: database, key store, search store, lock file, archives.</summary>
    public required string Data { get; init; }

    /// <summary>A PostgreSQL connection string; null for the embedded database.</summary>
    public string? Database { get; init; }
    public int Port { get; init; } = 5080;

    /// <summary>Address to listen on; anything but loopback refuses to start while demo people exist.</summary>
    public string Bind { get; init; } = "127.0.0.1";

    /// <summary>Whether the demo company is loaded into an empty database.</summary>
    public bool Demo { get; init; } = true;

    /// <summary>"host:port" of the SMTP server; null writes mails to <see cref="World"/>.</summary>
    public string? Smtp { get; init; }

    /// <summary>After this long without an end of one mail, the SMTP server is taken to hang.</summary>
    public TimeSpan MailPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Sender address of mails.</summary>
    public string MailFrom { get; init; } = "no-reply@exeunt.example";

    /// <summary>Drop folder for mails that come in; null for "mail-in" in the data folder.</summary>
    public string? MailIn { get; init; }

    /// <summary>Name under which our own mail server writes what it found about a sender (authserv-id); null: no such header is believed.</summary>
    public string? MailServer { get; init; }

    /// <summary>The address customers see in links; default http://localhost:PORT.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Folder that plays the outside world (mailboxes, bank, exported tree heads): beside, never inside, the data folder.</summary>
    public required string World { get; init; }

    /// <summary>The master key's file; its default place is outside the data folder.</summary>
    public string? MasterKey { get; init; }

    /// <summary>File of the second copy of the key store; null: beside the master key.</summary>
    public string? KeysCopy { get; init; }

    /// <summary>Days of real time after which a new master key takes over and the old one is destroyed; 0: never.</summary>
    public int KeyEpochDays { get; init; } = 7;

    /// <summary>Folder for nightly backups, each tried by restoring it; null: none are made.</summary>
    public string? Backups { get; init; }

    /// <summary>A bucket that gets a second copy of the exported log; null: none.</summary>
    public Features.AuditLog.AuditBucket? AuditBucket { get; init; }

    /// <summary>A place that is thrown away (a drill): it takes neither the master key nor a second copy for itself.</summary>
    public bool IsScratch { get; init; }

    /// <summary>CSV of the demo's invoices; null uses the reduced form that ships with the product.</summary>
    public string? DemoInvoices { get; init; }

    /// <summary>Whether this process runs effects; tests run them by hand.</summary>
    public bool Worker { get; init; } = true;

    /// <summary>Whether commands print their result as JSON.</summary>
    public bool Json { get; init; }

    public string Url => PublicUrl?.TrimEnd('/') ?? $"http://localhost:{Port}";

    public bool IsLoopback => Bind == "localhost" || (IPAddress.TryParse(Bind, out var address) && IPAddress.IsLoopback(address));

    public string DatabaseFile => Path.Combine(Data, "exeunt.db");

    public string KeysFile => Path.Combine(Data, "keys.db");

    public string MailFolder => MailIn ?? Path.Combine(Data, "mail-in");

    public string LockFile => Path.Combine(Data, "exeunt.lock");

    /// <summary>Who holds the lock, in words: process and address.</summary>
    public string HolderFile => Path.Combine(Data, "exeunt.holder");

    /// <summary>Options for a data folder with everything else at its default.</summary>
    public static HostOptions For(string data)
    {
        var folder = Path.GetFullPath(data).TrimEnd(Path.DirectorySeparatorChar);
        return new HostOptions { Data = folder, World = folder + ".world" };
    }
}
