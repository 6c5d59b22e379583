using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus;

/// <summary>The status that every reply carries. Both generations of clients are served: code and error_code always agree.</summary>
public static class Statuses
{
    public static Status Ok() => new() { Code = 0, ErrorCode = ErrorCode.Success };

    public static Status Of(Failure failure)
    {
        var kind = ErrorKinds.Of(failure.Code);
        var text = FailureText.Of(failure);
        return new()
        {
            Code = kind.Code,
            ErrorCode = kind.Legacy,
            Reason = text,
            Detail = text,
            Retriable = kind.Retriable,
        };
    }

    /// <summary>The status of a call that answers nothing else.</summary>
    public static Status Of(Result<Unit> result) => result.TryGet(out _, out var failure) ? Ok() : Of(failure);
}
