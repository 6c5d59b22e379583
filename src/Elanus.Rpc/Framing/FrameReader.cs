using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Elanus.Rpc.Framing;

/// <summary>
/// Reads length-prefixed messages (one flag byte, four of length, big endian, then the message) from a pipe. A message that already lies
/// in the pipe is parsed where it lies; others are gathered in one pooled buffer as they arrive, so that flow control keeps moving.
/// One reader at a time. Ends of the connection surface as the pipe's exceptions.
/// </summary>
internal sealed class FrameReader(PipeReader pipe, int bytesMax, bool gzip)
{
    public const int PrefixBytes = 5;

    // A message announced to be larger gets its buffer as it arrives: nobody can take memory by announcing.
    private const int TrustedBytes = 4 << 20;

    /// <summary>The next message, parsed where a type is given, or the end.</summary>
    public async ValueTask<FrameRead> Read(MessageDescriptor? type, CancellationToken cancel)
    {
        var result = await Fill(PrefixBytes, cancel);
        var buffer = result.Buffer;
        if (buffer.Length < PrefixBytes)
        {
            pipe.AdvanceTo(buffer.End);
            return buffer.IsEmpty ? default(FrameRead) : FrameStatus.Truncated(buffer.Length, PrefixBytes);
        }

        var (flag, length) = Prefix(buffer);
        if (Check(flag, length) is { IsOk: false } fault)
        {
            pipe.AdvanceTo(buffer.End);
            return fault;
        }

        var size = (int)length;
        if (type is not null && flag == 0 && buffer.Length >= PrefixBytes + size)
        {
            var message = buffer.Slice(PrefixBytes, size);
            var parsed = Parse(type, message);
            pipe.AdvanceTo(message.End);
            return parsed;
        }

        var gathered = await Gather(buffer, size, cancel);
        if (gathered.Bytes is not { } bytes)
        {
            return gathered;
        }

        if (flag == 1)
        {
            var plain = Gzip.Decompress(bytes, bytesMax);
            bytes.Dispose();
            if (!plain.TryGet(out bytes!, out fault))
            {
                return fault;
            }
        }

        if (type is null)
        {
            return FrameRead.Of(bytes);
        }

        using (bytes)
        {
            return Parse(type, new(bytes.Memory));
        }
    }

    /// <summary>Ok where nothing follows.</summary>
    public async ValueTask<RpcStatus> ReadEnd(CancellationToken cancel)
    {
        var result = await Fill(1, cancel);
        var nothing = result.Buffer.IsEmpty;
        pipe.AdvanceTo(result.Buffer.End);
        return nothing ? RpcStatus.Ok : FrameStatus.SecondMessage;
    }

    private static (byte Flag, uint Length) Prefix(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> prefix = stackalloc byte[PrefixBytes];
        buffer.Slice(0, PrefixBytes).CopyTo(prefix);
        return (prefix[0], BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]));
    }

    private static FrameRead Parse(MessageDescriptor type, in ReadOnlySequence<byte> bytes)
    {
        try
        {
            return FrameRead.Of(type.Parser.ParseFrom(bytes));
        }
        catch (InvalidProtocolBufferException fault)
        {
            return FrameStatus.Malformed(type.FullName, fault.Message);
        }
    }

    private RpcStatus Check(byte flag, uint length) =>
        flag > 1 ? FrameStatus.BadFlag(flag)
        : flag == 1 && !gzip ? FrameStatus.FlagWithoutEncoding
        : length > (uint)bytesMax ? FrameStatus.TooLarge("received", length, bytesMax)
        : RpcStatus.Ok;

    /// <summary>Reads until that many bytes lie in the pipe, or it has ended; what it returns has not been advanced over.</summary>
    private async ValueTask<ReadResult> Fill(int bytes, CancellationToken cancel)
    {
        while (true)
        {
            var result = await pipe.ReadAsync(cancel);
            if (result.Buffer.Length >= bytes || result.IsCompleted)
            {
                return result;
            }

            pipe.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private async ValueTask<FrameRead> Gather(ReadOnlySequence<byte> buffer, int size, CancellationToken cancel)
    {
        var bytes = new RpcBytes(Math.Min(size, TrustedBytes));
        try
        {
            buffer = buffer.Slice(PrefixBytes);
            while (true)
            {
                var wanted = buffer.Slice(0, Math.Min(buffer.Length, size - bytes.Length));
                bytes.Append(wanted);
                pipe.AdvanceTo(wanted.End);
                if (bytes.Length == size)
                {
                    var whole = bytes;
                    bytes = null;
                    return FrameRead.Of(whole);
                }

                var result = await pipe.ReadAsync(cancel);
                buffer = result.Buffer;
                if (buffer.IsEmpty && result.IsCompleted)
                {
                    pipe.AdvanceTo(buffer.End);
                    return FrameStatus.Truncated(bytes.Length, size);
                }
            }
        }
        finally
        {
            bytes?.Dispose();
        }
    }
}
