using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>Moves images between memory and streams.</summary>
internal static unsafe class ImageStream
{
    private const int PartBytes = 1 << 20;

    public static void Write(byte* image, long length, Stream to)
    {
        for (long at = 0; at < length; at += PartBytes)
        {
            to.Write(new ReadOnlySpan<byte>(image + at, (int)Math.Min(PartBytes, length - at)));
        }
    }

    /// <summary>Reads an image and makes an index of it by a function that takes over the memory where it succeeds.</summary>
    public static Result<T> Read<T>(Stream from, long length, Func<AlignedMemory, Result<T>> view)
    {
        var memory = new AlignedMemory(length);
        var taken = false;
        try
        {
            for (long at = 0; at < length; at += PartBytes)
            {
                from.ReadExactly(memory.Span(at, (int)Math.Min(PartBytes, length - at)));
            }

            var made = view(memory);
            taken = made.Succeeded;
            return made;
        }
        finally
        {
            if (!taken)
            {
                memory.Dispose();
            }
        }
    }
}
