namespace Elanus.Coordination;

/// <summary>How an attempt to take a number ended.</summary>
internal enum Taking
{
    Won,
    Lost,
    Unclear,
}
