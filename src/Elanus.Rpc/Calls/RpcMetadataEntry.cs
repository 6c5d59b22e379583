namespace Elanus.Rpc;

/// <summary>One header: text, or, where <paramref name="Text"/> is null, bytes.</summary>
public readonly record struct RpcMetadataEntry(string Key, string? Text, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>The value as it goes over the wire; bytes are base64 without padding.</summary>
    internal string Wire => Text ?? Convert.ToBase64String(Bytes.Span).TrimEnd('=');
}
