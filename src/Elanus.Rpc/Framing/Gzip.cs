using System.IO.Compression;

namespace Elanus.Rpc.Framing;

/// <summary>Compression of single messages.</summary>
internal static class Gzip
{
    public const string Name = "gzip";

    private const int ChunkBytes = 16 << 10;

    /// <summary>The message, or a status: RESOURCE_EXHAUSTED past the limit, INTERNAL where it is not gzip. The input is not disposed.</summary>
    public static RpcResult<RpcBytes> Decompress(RpcBytes compressed, int bytesMax)
    {
        var plain = new RpcBytes((int)Math.Min(compressed.Length * 2L, bytesMax));
        try
        {
            using var source = new GZipStream(compressed.AsStream(), CompressionMode.Decompress);
            while (true)
            {
                var read = source.Read(plain.Space(ChunkBytes));
                if (read == 0)
                {
                    return plain;
                }

                plain.Advance(read);
                if (plain.Length > bytesMax)
                {
                    plain.Dispose();
                    return FrameStatus.TooLarge("received", null, bytesMax);
                }
            }
        }
        catch (InvalidDataException fault)
        {
            plain.Dispose();
            return new RpcStatus(RpcStatusCode.Internal, $"a message marked as gzip does not decompress: {fault.Message}");
        }
    }

    /// <summary>Appends the compressed bytes to what <paramref name="target"/> holds.</summary>
    public static void Compress(ReadOnlySpan<byte> plain, RpcBytes target)
    {
        using var gzip = new GZipStream(new RpcBytesStream(target), CompressionLevel.Fastest);
        gzip.Write(plain);
    }
}
