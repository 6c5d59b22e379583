using System.Buffers;
using System.Text.Json;

namespace Elanus.Expressions;

/// <summary>The UTF-8 of a JSON string or key at a reader: in place where it has no escapes, else unescaped into rented memory.</summary>
internal readonly ref struct JsonText
{
    private readonly byte[]? rented;

    public JsonText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped)
        {
            Utf8 = reader.ValueSpan;
            return;
        }

        rented = ArrayPool<byte>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            Utf8 = rented.AsSpan(0, reader.CopyString(rented));
        }
        catch (InvalidOperationException)
        {
            // A lone surrogate has no UTF-8. A byte that is none either stands for such a text: it equals nothing that an expression can say.
            Utf8 = [0xFF];
        }
    }

    public ReadOnlySpan<byte> Utf8 { get; }

    /// <summary>Whether the string or key at the reader is a text.</summary>
    public static bool Equals(ref Utf8JsonReader reader, ReadOnlySpan<byte> utf8)
    {
        using var text = new JsonText(ref reader);
        return text.Utf8.SequenceEqual(utf8);
    }

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
