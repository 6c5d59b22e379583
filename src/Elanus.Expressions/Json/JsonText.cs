using System.Buffers;
using System.Text.Json;

namespace Elanus.Expressions;

/// <summary>The UTF-8 of a JSON string at a reader: in place where it has no escapes, else unescaped into rented memory.</summary>
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
            // A lone surrogate escape: no UTF-8 stands for it, so it equals nothing that an expression can say.
            Utf8 = reader.ValueSpan;
        }
    }

    public ReadOnlySpan<byte> Utf8 { get; }

    public void Dispose()
    {
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
