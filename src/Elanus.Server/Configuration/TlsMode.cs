namespace Elanus.Server;

/// <summary>How the client port is encrypted; the numbers are Milvus's.</summary>
public enum TlsMode
{
    None = 0,

    /// <summary>The server shows a certificate.</summary>
    OneWay = 1,

    /// <summary>The client shows one too.</summary>
    Mutual = 2,
}
