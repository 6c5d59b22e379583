using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Elanus.Milvus.Rest;

/// <summary>Reads request bodies of bounded size.</summary>
internal static class RequestBytes
{
    private const int PieceBytes = 64 << 10;

    /// <summary>Appends the body to a stream; false where it is larger than allowed.</summary>
    public static async Task<bool> Read(HttpRequest request, MemoryStream target, int bytesMax, CancellationToken cancel)
    {
        if (request.ContentLength > bytesMax)
        {
            return false;
        }

        var piece = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (true)
            {
                var read = await request.Body.ReadAsync(piece, cancel);
                if (read == 0)
                {
                    return true;
                }

                if (target.Length + read > bytesMax)
                {
                    return false;
                }

                target.Write(piece, 0, read);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
        }
    }
}
