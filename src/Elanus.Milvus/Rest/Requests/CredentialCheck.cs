namespace Elanus.Milvus.Rest;

/// <summary>Whether a user with this password exists.</summary>
public delegate ValueTask<bool> CredentialCheck(string user, string password, CancellationToken cancel);
