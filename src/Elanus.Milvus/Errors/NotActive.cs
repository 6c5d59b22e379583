namespace Elanus.Milvus;

/// <summary>A refusal by a node that is not the active one, or no longer: nothing of the call was done, and it may be sent again to another node.</summary>
public static class NotActive
{
    /// <summary>The header that marks it for whoever passed the call on.</summary>
    public const string Header = "elanus-not-active";
}
