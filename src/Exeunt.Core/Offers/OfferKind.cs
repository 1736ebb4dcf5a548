namespace Exeunt.Core.Offers;

/// <summary>What may be offered to a customer who wants to leave.</summary>
public enum OfferKind
{
    Discount,

    /// <summary>Months without service and fee; the term grows by them.</summary>
    Pause,
    Upgrade,
    Downgrade,

    /// <summary>What is overdue is due later.</summary>
    DeferredPayment,
    PlanSwitch,

    /// <summary>Months at the end of the term that cost nothing.</summary>
    Extension,

    /// <summary>An amount is paid to the customer.</summary>
    Credit,
    Feature,
    Training,

    /// <summary>An apology with months that cost nothing.</summary>
    ServiceRecovery,

    /// <summary>What is overdue is paid in parts.</summary>
    PaymentPlan,

    /// <summary>Somebody else looks after the customer.</summary>
    ContactChange,
}
