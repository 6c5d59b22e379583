using System.Diagnostics.CodeAnalysis;
using Elanus.Primitives;

namespace Elanus.Rpc;

/// <summary>The reply of a call, or the status that it ended with instead.</summary>
public readonly struct RpcResult<T>
    where T : class
{
    private readonly T? value;

    private RpcResult(T? value, RpcStatus status)
    {
        this.value = value;
        Status = status;
    }

    public RpcStatus Status { get; }

    public bool IsOk => Status.IsOk;

    /// <summary>The reply; asking a failed call for it is a bug and throws.</summary>
    public T Value
    {
        get
        {
            Invariant.Holds(value is not null, $"the reply of a failed call was asked for ({Status})");
            return value;
        }
    }

    public static RpcResult<T> Ok(T value) => new(value, RpcStatus.Ok);

    public static RpcResult<T> Fail(RpcStatus status)
    {
        Invariant.Holds(!status.IsOk, "a call cannot fail with the status Ok");
        return new(null, status);
    }

    public static RpcResult<T> Fail(RpcStatusCode code, string message) => Fail(new RpcStatus(code, message));

    public static implicit operator RpcResult<T>(T value) => Ok(value);

    public static implicit operator RpcResult<T>(RpcStatus status) => Fail(status);

    public bool TryGet([MaybeNullWhen(false)] out T got, out RpcStatus status)
    {
        got = value;
        status = Status;
        return value is not null;
    }
}
