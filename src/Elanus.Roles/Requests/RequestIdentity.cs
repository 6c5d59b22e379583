using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Elanus.Roles;

/// <summary>A client call that may come again: its id, and what tells its content from others (length and CRC-32C).</summary>
public readonly record struct RequestIdentity(RequestId Id, ulong Content)
{
    /// <summary>The gRPC metadata and HTTP header that names a call.</summary>
    public const string Header = "elanus-request-id";

    /// <summary>The identity of a call; null where it has no id.</summary>
    /// <param name="id">What the header says; null or empty for none.</param>
    /// <param name="method">What is called.</param>
    /// <param name="database">The database it is meant for.</param>
    /// <param name="content">The request as it arrived.</param>
    public static Result<RequestIdentity?> Read(string? id, string method, string database, ReadOnlySpan<byte> content)
    {
        if (string.IsNullOrEmpty(id))
        {
            return Result<RequestIdentity?>.Ok(null);
        }

        if (!RequestId.TryParse(id, out var parsed))
        {
            return Failure.Invalid($"{Header} must be 32 hexadecimal digits that are not all zero, as of a UUID with or without its hyphens, got {id}");
        }

        var crc = Crc(Crc(uint.MaxValue, Encoding.UTF8.GetBytes($"{method}\n{database}\n")), content);
        return new RequestIdentity(parsed, ((ulong)content.Length << 32) | crc);
    }

    private static uint Crc(uint crc, ReadOnlySpan<byte> bytes)
    {
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return crc;
    }
}
