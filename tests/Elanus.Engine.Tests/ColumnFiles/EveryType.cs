using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>A schema with a column of every type, and random rows for it.</summary>
internal static class EveryType
{
    public static readonly FieldId FloatVector = new(130);

    public static CollectionSchema Schema(bool textKey) => new()
    {
        Name = "every",
        Version = 1,
        Fields =
        [
            textKey
                ? new() { Id = new(100), Name = "id", Type = DataType.VarChar, MaxLength = 64, IsPrimaryKey = true }
                : new() { Id = new(100), Name = "id", Type = DataType.Int64, IsPrimaryKey = true },
            Field(101, DataType.Bool), Field(102, DataType.Int8), Field(103, DataType.Int16), Field(104, DataType.Int32), Field(105, DataType.Int64),
            Field(106, DataType.Float), Field(107, DataType.Double), Field(108, DataType.VarChar), Field(109, DataType.Json), Field(110, DataType.Timestamptz),
            Field(120, DataType.Array) with { ElementType = DataType.Int32 }, Field(121, DataType.Array) with { ElementType = DataType.VarChar },
            Field(130, DataType.FloatVector) with { Dimension = 12 }, Field(131, DataType.Float16Vector) with { Dimension = 6 },
            Field(132, DataType.BFloat16Vector) with { Dimension = 5 }, Field(133, DataType.BinaryVector) with { Dimension = 24 },
            Field(134, DataType.Int8Vector) with { Dimension = 7 }, Field(135, DataType.SparseFloatVector),
        ],
    };

    /// <summary>Rows with some nulls in every column but the key, and in every third column none.</summary>
    public static RowBatch Batch(CollectionSchema schema, int rows, int seed)
    {
        var random = new Random(seed);
        return new(rows, [.. schema.Fields.Select(field => new FieldColumn(field.Id, Column(field, rows, random)))]);
    }

    public static PackedRows Packed(CollectionSchema schema, RowBatch batch, int pieces = 1, bool validityAlways = false)
    {
        var growing = new GrowingRows(new(schema));
        for (var piece = 0; piece < pieces; piece++)
        {
            var from = batch.Rows * piece / pieces;
            var part = batch.Take([.. Enumerable.Range(from, (batch.Rows * (piece + 1) / pieces) - from)]);
            var sources = part.Columns.Select(c => new ColumnSource(validityAlways ? WithValidity(c.Values) : c.Values, null)).ToArray();
            growing.Append(sources, part.Rows, [1000UL], KeyRange.Of(part.Columns[0].Values), static (_, _) => { });
        }

        var packed = PackedRows.From(growing, batch.Rows, Stores.Cancel);
        growing.Release();
        return packed;
    }

    private static FieldSchema Field(long id, DataType type) => new() { Id = new(id), Name = $"f{id}", Type = type, Nullable = true };

    private static HeapColumn Column(FieldSchema field, int rows, Random random)
    {
        var builder = new ColumnBuilder(field, rows);
        for (var row = 0; row < rows; row++)
        {
            _ = !field.IsPrimaryKey && field.Id.Value % 3 != 0 && random.Next(4) == 0 ? builder.AppendNull() : builder.Append(Value(field, random));
        }

        return builder.Build();
    }

    private static byte[] Value(FieldSchema field, Random random)
    {
        if (field is { IsPrimaryKey: true, Type: DataType.Int64 })
        {
            return BitConverter.GetBytes((long)random.Next(500));
        }

        var bytes = new byte[field.Type switch
        {
            DataType.SparseFloatVector => 8 * random.Next(1, 5),
            DataType.Array => 4 * random.Next(0, 4),
            _ when field.Type.IsVariable() => random.Next(0, 20),
            _ => field.Type.Width(field.Dimension),
        }];
        random.NextBytes(bytes);
        if (field.Type == DataType.SparseFloatVector)
        {
            var pairs = MemoryMarshal.Cast<byte, uint>(bytes.AsSpan());
            for (var i = 0; i < pairs.Length; i += 2)
            {
                pairs[i] = (uint)i * 3;
            }
        }

        return bytes;
    }

    private static HeapColumn WithValidity(ColumnBlock column)
    {
        var validity = new ulong[(column.Rows + 63) / 64];
        for (var row = 0; row < column.Rows; row++)
        {
            validity[row >> 6] |= column.IsValid(row) ? 1UL << row : 0;
        }

        return new(
            column.Type, column.ElementType, column.Dimension, column.Rows, column.Values.ToArray(), MemoryMarshal.AsBytes(column.Offsets).ToArray(),
            MemoryMarshal.AsBytes(validity.AsSpan()).ToArray());
    }
}
