using Exeunt.Core.Procedures;

namespace Exeunt.Core.HandOvers;

/// <summary>A letter about who looks after a customer. What was sent keeps the version it was made from.</summary>
/// <param name="Paragraphs">In order; with fields in braces. One whose fields are all empty is left out.</param>
public sealed record HandOverLetter(string Code, int Version, Words Subject, IReadOnlyList<Words> Paragraphs)
{
    /// <summary>The fields a letter can name.</summary>
    public static IReadOnlyList<string> Fields { get; } = ["customer.name", "previous", "successor", "contact", "from", "reason", "alternative", "visit.on"];

    /// <summary>Somebody else looks after the customer.</summary>
    public static HandOverLetter NewContact { get; } = new("new-contact", 1,
        new("Your new contact", "您的对接人变更"),
        [
            new("Dear {customer.name},", "{customer.name}："),
            new("From {from} on {successor} is your contact in place of {previous}.", "自 {from} 起，由 {successor} 接替 {previous} 为您服务。"),
            new("You reach your new contact here: {contact}", "联系方式：{contact}"),
            new("We would like to introduce your new contact in person on {visit.on}. If the day does not suit you, or you want no visit, tell us.", "我们计划于 {visit.on} 登门拜访，介绍新的对接人。如时间不便或无需拜访，请告知我们。"),
            new("Your contracts, and what was agreed with you, stay as they are. If you would rather have another contact, write to us.", "您的合同及已达成的约定均不变。如希望更换对接人，请与我们联系。"),
        ]);

    /// <summary>The company stops looking after the customer by a person of its own.</summary>
    public static HandOverLetter GivenUp { get; } = new("given-up", 1,
        new("How we look after you from now on", "服务方式调整通知"),
        [
            new("Dear {customer.name},", "{customer.name}："),
            new("From {from} on you no longer have a personal account manager with us. The reason: {reason}", "自 {from} 起，我们将不再为您安排专属客户经理。原因：{reason}"),
            new("This is how you reach us instead: {alternative}", "今后的服务方式：{alternative}"),
            new("Contact: {contact}", "联系方式：{contact}"),
            new("Your contracts, and what was agreed with you, stay as they are; nothing is ended by this letter. If you do not agree, write to us.", "您的合同及已达成的约定均不变，本通知不终止任何服务。如有异议，请与我们联系。"),
        ]);

    public static IReadOnlyList<HandOverLetter> All { get; } = [NewContact, GivenUp];

    /// <summary>Subject and paragraphs in a language, filled in; a paragraph that needs an empty field is left out.</summary>
    /// <exception cref="KeyNotFoundException">A field has no value, not even an empty one.</exception>
    public (string Subject, IReadOnlyList<string> Paragraphs) In(string language, IReadOnlyDictionary<string, string> values) =>
        (LetterField.Fill(Subject.In(language), values),
            [.. Paragraphs.Select(p => p.In(language)).Where(p => LetterField.In(p).All(f => values[f].Length > 0)).Select(p => LetterField.Fill(p, values))]);
}
