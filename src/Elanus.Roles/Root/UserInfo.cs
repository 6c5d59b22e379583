namespace Elanus.Roles;

/// <summary>A user and the slow, salted hash of the password (PBKDF2 with HMAC-SHA-512).</summary>
public sealed record UserInfo(string Name, byte[] Salt, int Iterations, byte[] Hash);
