using Exeunt.App.Platform;

namespace Exeunt.App.Features.Customers;

/// <summary>Under which key words about a customer are sealed, of a case or of a request.</summary>
internal static class CustomerWords
{
    /// <summary>What words die with, from what goes first to what goes last.</summary>
    private static readonly DataClass[] Classes = [DataClass.Profile, DataClass.Contact, DataClass.Case];

    /// <summary>
    /// The first that is still there: the profile, after it the contact, after that the name. The customer is asked and no case of theirs: another one,
    /// or a request, may have erased them. Null: all that is erased, and no words are kept.
    /// </summary>
    /// <param name="first">Contact: what outlives the profile anyway, and dies with the contact also while the profile is there.</param>
    public static async Task<DataClass?> ClassOf(Customer customer, DataClass first, Vault vault, CancellationToken ct)
    {
        foreach (var dataClass in Classes.SkipWhile(c => c != first))
            if ((dataClass != DataClass.Profile || customer.ErasedAt is null) && !await vault.IsErased(customer.Id, dataClass, ct))
                return dataClass;
        return null;
    }
}
