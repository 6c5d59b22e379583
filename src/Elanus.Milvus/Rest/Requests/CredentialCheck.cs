namespace Elanus.Milvus.Rest;

/// <summary>Whether a user with this password exists; fails where that cannot be known now.</summary>
public delegate ValueTask<Result<bool>> CredentialCheck(string user, string password, CancellationToken cancel);
