namespace Elanus.Cli;

/// <summary>
/// One documented member of .NET's own API. <see cref="Id"/> is the documentation's (<c>M:System.Array.Sort(System.Array)</c>),
/// <see cref="Text"/> its summary as plain words, empty where it has none.
/// </summary>
internal sealed record ApiMember(string Id, string Text)
{
    /// <summary>The id as one would write it in C#.</summary>
    public string Name => MemberName.Display(Id);
}
