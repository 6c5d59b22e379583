namespace Elanus.Server;

/// <summary>Encryption of the client port; paths of PEM files, empty where the mode does not need them.</summary>
public sealed record TlsSettings(TlsMode Mode, string CertificatePath, string KeyPath, string ClientAuthorityPath);
