namespace Elanus.Roles;

/// <summary>An index as a client asks for it; <see cref="Params"/> are unpacked (no JSON inside), in the client's order.</summary>
public sealed record IndexDraft(string Field, string Name, IReadOnlyList<KeyValuePair<string, string>> Params);
