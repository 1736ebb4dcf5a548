using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Exeunt.App.Features.Surveys;

/// <summary>The customer's answer on how the ending was handled: 1 (very poor) to 5 (very good); words are a personal text.</summary>
public sealed class SurveyAnswer
{
    public required Guid CaseId { get; init; }
    public required int Handling { get; init; }
    public required int Clarity { get; init; }
    public Guid? TextId { get; init; }
    public required DateTimeOffset At { get; init; }
}

internal sealed class SurveyTable : IEntityTypeConfiguration<SurveyAnswer>
{
    public void Configure(EntityTypeBuilder<SurveyAnswer> table)
    {
        table.ToTable("survey_answers");
        table.HasKey(s => s.CaseId);
    }
}
