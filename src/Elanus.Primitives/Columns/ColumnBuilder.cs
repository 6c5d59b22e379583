using System.Runtime.InteropServices;

namespace Elanus.Primitives;

/// <summary>Builds a <see cref="HeapColumn"/> row by row, or by taking rows of another column. Not thread-safe; Build ends it.</summary>
public sealed class ColumnBuilder
{
    private readonly DataType type;
    private readonly DataType elementType;
    private readonly int dimension;
    private readonly int width;
    private readonly List<uint>? offsets;
    private byte[] values;
    private int used;
    private ulong[]? validity;

    /// <summary>A builder for values of one field's type.</summary>
    public ColumnBuilder(FieldSchema field, int capacityRows = 16)
        : this(field.Type, field.ElementType, field.Dimension, capacityRows)
    {
    }

    public ColumnBuilder(DataType type, DataType elementType = DataType.None, int dimension = 0, int capacityRows = 16)
    {
        this.type = type;
        this.elementType = elementType;
        this.dimension = dimension;
        if (type.IsVariable())
        {
            offsets = new List<uint>(capacityRows + 1) { 0 };
            values = new byte[capacityRows * 16];
        }
        else
        {
            width = type.Width(dimension);
            values = new byte[capacityRows * width];
        }
    }

    /// <summary>Rows appended so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Appends one value as the bytes that <see cref="ColumnBlock"/> describes.</summary>
    public ColumnBuilder Append(ReadOnlySpan<byte> value)
    {
        Invariant.Holds(offsets is not null || value.Length == width, "a fixed-width value has another width");
        value.CopyTo(Reserve(value.Length));
        return EndRow(valid: true);
    }

    public ColumnBuilder Append<T>(T value)
        where T : unmanaged => Append(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)));

    public ColumnBuilder AppendText(string value) => Append(System.Text.Encoding.UTF8.GetBytes(value));

    /// <summary>Appends a row without a value.</summary>
    public ColumnBuilder AppendNull()
    {
        if (offsets is null)
        {
            Reserve(width).Clear();
        }

        return EndRow(valid: false);
    }

    /// <summary>Appends a row of another column of the same type, null or not.</summary>
    public ColumnBuilder AppendFrom(ColumnBlock source, int row) => source.IsValid(row) ? Append(source.Bytes(row)) : AppendNull();

    /// <summary>Appends a literal of the column's type; a number is brought to its width.</summary>
    public ColumnBuilder Append(in FieldValue value) => type switch
    {
        DataType.Bool => Append((byte)(value.Integer != 0 ? 1 : 0)),
        DataType.Int8 => Append((sbyte)value.Integer),
        DataType.Int16 => Append((short)value.Integer),
        DataType.Int32 => Append((int)value.Integer),
        DataType.Int64 or DataType.Timestamptz => Append(value.Integer),
        DataType.Float => Append((float)value.Floating),
        DataType.Double => Append(value.Floating),
        _ => AppendText(value.Text ?? ""),
    };

    public HeapColumn Build() => new(
        type,
        elementType,
        dimension,
        Rows,
        values.AsMemory(0, used),
        offsets is null ? default : MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(offsets)).ToArray(),
        validity is null ? default : MemoryMarshal.AsBytes(validity.AsSpan(0, (Rows + 63) / 64)).ToArray());

    private Span<byte> Reserve(int bytes)
    {
        if (used + bytes > values.Length)
        {
            Array.Resize(ref values, Math.Max(used + bytes, values.Length * 2));
        }

        var span = values.AsSpan(used, bytes);
        used += bytes;
        return span;
    }

    private ColumnBuilder EndRow(bool valid)
    {
        offsets?.Add((uint)used);
        if (!valid && validity is null)
        {
            validity = new ulong[Math.Max(1, (Rows + 64) / 64)];
            for (var row = 0; row < Rows; row++)
            {
                validity[row >> 6] |= 1UL << row;
            }
        }

        if (validity is not null)
        {
            if (Rows >> 6 >= validity.Length)
            {
                Array.Resize(ref validity, validity.Length * 2);
            }

            if (valid)
            {
                validity[Rows >> 6] |= 1UL << Rows;
            }
        }

        Rows++;
        return this;
    }
}
