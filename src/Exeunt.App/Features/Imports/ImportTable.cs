using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Imports;

/// <summary>What a file brings.</summary>
public enum ImportNoun
{
    Customers,
    Contacts,
    Contracts,
    Invoices,
    Complaints,
    Orders,

    /// <summary>Facts of every kind, with corrections.</summary>
    Facts,
}

public enum ImportState
{
    /// <summary>Uploaded; a person looks at mapping and preview.</summary>
    Draft,

    /// <summary>Started; waits for the import worker.</summary>
    Waiting,
    Running,
    Done,

    /// <summary>The file was unreadable, or the work broke off; what went in stays in, and the same file may be sent again.</summary>
    Failed,
}

/// <summary>One file brought in, by page or command line: what it was (no name, no content) and what became of it.</summary>
public sealed class ImportJob
{
    public Guid Id { get; init; } = Guid.CreateVersion7();
    public required ImportNoun Noun { get; set; }
    public ImportState State { get; set; }

    /// <summary>Actor id of who brought it.</summary>
    public required string By { get; init; }
    public required int UnitId { get; set; }

    /// <summary>Paths of the units the actor may import into; "" is all. One per line.</summary>
    public required string Scope { get; init; }

    /// <summary>The mapping as JSON; null until one was chosen.</summary>
    public string? Map { get; set; }
    public bool IsWorkbook { get; init; }
    public required DateTimeOffset At { get; init; }
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Whose keys seal the uploaded file: a random negative number; null on the command line.</summary>
    public long? Subject { get; set; }
    public long Bytes { get; set; }
    public byte[]? Sha256 { get; set; }
    public long Total { get; set; }
    public long Read { get; set; }
    public long Added { get; set; }
    public long Changed { get; set; }
    public long Unchanged { get; set; }
    public long Refused { get; set; }

    /// <summary>The first refused rows as JSON: line, column, code. No values.</summary>
    public string? Refusals { get; set; }

    /// <summary>Why it failed, or broke off last: code, line, column and number of tries as JSON.</summary>
    public string? Failure { get; set; }

    /// <summary>A worker's lease; another may take the job after it.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }
    public int Version { get; set; }
}

/// <summary>A piece of an uploaded file, sealed (class Profile of the job's negative subject), removed when the job ends.</summary>
public sealed class ImportChunk
{
    public required Guid ImportId { get; init; }
    public required int Number { get; init; }
    public required byte[] Sealed { get; init; }
}

internal sealed class ImportTable : IEntityTypeConfiguration<ImportJob>, IEntityTypeConfiguration<ImportChunk>
{
    public const string ChunkPlace = "import_chunks.sealed";

    public void Configure(EntityTypeBuilder<ImportJob> table)
    {
        table.ToTable("imports");
        table.HasKey(i => i.Id);
        table.Property(i => i.By).HasMaxLength(80);
        table.Property(i => i.Version).IsConcurrencyToken();
        table.HasIndex(i => new { i.State, i.Id });
    }

    public void Configure(EntityTypeBuilder<ImportChunk> table)
    {
        table.ToTable("import_chunks");
        table.HasKey(c => new { c.ImportId, c.Number });
    }
}
