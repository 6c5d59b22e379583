using System.Buffers;

namespace Elanus.Expressions;

/// <summary>Working memory for one step of an evaluation, handed back on Dispose. Its first content is arbitrary.</summary>
internal readonly ref struct Scratch<T>
    where T : unmanaged
{
    private readonly T[] rented;

    public Scratch(int length)
    {
        rented = ArrayPool<T>.Shared.Rent(length);
        Span = rented.AsSpan(0, length);
    }

    public Span<T> Span { get; }

    public void Dispose() => ArrayPool<T>.Shared.Return(rented);
}
