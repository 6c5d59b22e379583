namespace Elanus.Rpc;

/// <summary>The end of a call as a value: a code and, where it is not Ok, a sentence. The default value is Ok.</summary>
public readonly record struct RpcStatus(RpcStatusCode Code, string? Message)
{
    public static readonly RpcStatus Ok;

    public bool IsOk => Code == RpcStatusCode.Ok;

    public override string ToString() => string.IsNullOrEmpty(Message) ? Code.ToString() : $"{Code}: {Message}";
}
