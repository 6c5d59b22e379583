using System.Globalization;

namespace Elanus.Rpc.Framing;

/// <summary>Names of the protocol's own headers.</summary>
internal static class GrpcHeaders
{
    public const string Status = "grpc-status";
    public const string Message = "grpc-message";
    public const string Timeout = "grpc-timeout";
    public const string Encoding = "grpc-encoding";
    public const string AcceptEncoding = "grpc-accept-encoding";

    private static readonly string[] StatusValues = [.. Enumerable.Range(0, 17).Select(code => code.ToString(CultureInfo.InvariantCulture))];

    public static string StatusValue(RpcStatusCode code) => StatusValues[(int)code];

    /// <summary>An unknown number is UNKNOWN, as the protocol asks.</summary>
    public static RpcStatusCode ParseStatus(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code < StatusValues.Length ? (RpcStatusCode)code : RpcStatusCode.Unknown;
}
