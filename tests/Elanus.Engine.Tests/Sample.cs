using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Engine.Tests;

/// <summary>A small collection's schema and rows for it. Field 100 is the key, 101 a number, 102 a text that may be null, 103 a vector of 4 floats.</summary>
internal static class Sample
{
    public static readonly CollectionId Collection = new(7);
    public static readonly PartitionId P1 = new(11);
    public static readonly PartitionId P2 = new(12);
    public static readonly FieldId Key = new(100);
    public static readonly FieldId Number = new(101);
    public static readonly FieldId Text = new(102);
    public static readonly FieldId Vector = new(103);

    public static CollectionSchema Schema(bool textKey = false) => new()
    {
        Name = "sample",
        Version = 1,
        Fields =
        [
            textKey
                ? new() { Id = Key, Name = "id", Type = DataType.VarChar, MaxLength = 64, IsPrimaryKey = true }
                : new() { Id = Key, Name = "id", Type = DataType.Int64, IsPrimaryKey = true },
            new() { Id = Number, Name = "number", Type = DataType.Int32 },
            new() { Id = Text, Name = "text", Type = DataType.VarChar, MaxLength = 64, Nullable = true },
            new() { Id = Vector, Name = "vector", Type = DataType.FloatVector, Dimension = 4 },
        ],
    };

    public static CollectionCreated Created(bool textKey = false, int shards = 1) => new(Collection, Schema(textKey), [P1, P2], shards);

    public static ColumnBlock Keys(bool textKey, params ReadOnlySpan<long> keys)
    {
        var builder = new ColumnBuilder(textKey ? DataType.VarChar : DataType.Int64);
        foreach (var key in keys)
        {
            _ = textKey ? builder.AppendText(TextOf(key)) : builder.Append(key);
        }

        return builder.Build();
    }

    public static string TextOf(long key) => $"k{key:d6}";

    /// <summary>Rows with the keys and numbers given; text and vector follow from the number.</summary>
    public static RowBatch Batch(bool textKey, params ReadOnlySpan<(long Key, int Number)> rows)
    {
        var numbers = new ColumnBuilder(DataType.Int32);
        var texts = new ColumnBuilder(DataType.VarChar);
        var vectors = new ColumnBuilder(DataType.FloatVector, dimension: 4);
        var keys = new long[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            keys[i] = rows[i].Key;
            numbers.Append(rows[i].Number);
            _ = rows[i].Number % 5 == 0 ? texts.AppendNull() : texts.AppendText($"t{rows[i].Number % 3}");
            vectors.Append(MemoryMarshal.AsBytes(VectorOf(rows[i].Number).AsSpan()));
        }

        return new(rows.Length, [new(Key, Keys(textKey, keys)), new(Number, numbers.Build()), new(Text, texts.Build()), new(Vector, vectors.Build())]);
    }

    /// <summary>Four small whole numbers, so that distances are exact and often tie.</summary>
    public static float[] VectorOf(int number) => [number % 3, number / 3 % 3, number / 9 % 3, number / 27 % 3];

    public static Write Insert(PartitionId partition, params ReadOnlySpan<(long Key, int Number)> rows) =>
        new(Collection, 1, null, [new(0, partition, Batch(false, rows))]);

    public static Write Delete(params ReadOnlySpan<long> keys) => new(Collection, 1, new(Keys(false, keys), []), []);

    public static Write DeleteIn(PartitionId partition, params ReadOnlySpan<long> keys) => new(Collection, 1, new(Keys(false, keys), [partition]), []);

    public static Write Upsert(PartitionId partition, params ReadOnlySpan<(long Key, int Number)> rows)
    {
        var keys = Array.ConvertAll(rows.ToArray(), r => r.Key);
        return new(Collection, 1, new(Keys(false, keys), []), [new(0, partition, Batch(false, rows))]);
    }
}
