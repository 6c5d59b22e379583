using System.Buffers.Binary;
using System.Collections.Immutable;
using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>The section "segment" of a column file: whose rows these are, and how they lie (docs/formats.md).</summary>
internal sealed record ColumnFileHead(
    SegmentPlace Place, int Rows, FieldId Key, bool InOrderOfKey, bool HasDuplicates, KeyRange Range, ImmutableArray<ColumnLayout> Columns, ImmutableArray<bool> HasNulls)
{
    private const int FixedBytes = 72;
    private const int ColumnBytes = 24;
    private const uint OrderFlag = 1;
    private const uint DuplicatesFlag = 2;

    public byte[] Encode()
    {
        var bytes = new byte[FixedBytes + (Columns.Length * ColumnBytes)];
        var head = bytes.AsSpan();
        BinaryPrimitives.WriteInt64LittleEndian(head, Place.Collection.Value);
        BinaryPrimitives.WriteInt64LittleEndian(head[8..], Place.Partition.Value);
        BinaryPrimitives.WriteInt64LittleEndian(head[16..], Place.Segment.Value);
        BinaryPrimitives.WriteInt32LittleEndian(head[24..], Place.Shard);
        BinaryPrimitives.WriteInt32LittleEndian(head[28..], Rows);
        BinaryPrimitives.WriteInt64LittleEndian(head[32..], Key.Value);
        BinaryPrimitives.WriteUInt32LittleEndian(head[40..], (InOrderOfKey ? OrderFlag : 0) | (HasDuplicates ? DuplicatesFlag : 0));
        BinaryPrimitives.WriteInt32LittleEndian(head[44..], Columns.Length);
        BinaryPrimitives.WriteInt64LittleEndian(head[48..], Range.Least);
        BinaryPrimitives.WriteInt64LittleEndian(head[56..], Range.Greatest);
        for (var c = 0; c < Columns.Length; c++)
        {
            var column = head[(FixedBytes + (c * ColumnBytes))..];
            BinaryPrimitives.WriteInt64LittleEndian(column, Columns[c].Field.Value);
            column[8] = (byte)Columns[c].Type;
            column[9] = (byte)Columns[c].ElementType;
            column[10] = (byte)(HasNulls[c] ? 1 : 0);
            BinaryPrimitives.WriteInt32LittleEndian(column[12..], Columns[c].Dimension);
        }

        return bytes;
    }

    /// <summary>Null where the bytes are no such section.</summary>
    public static ColumnFileHead? Decode(ReadOnlySpan<byte> head)
    {
        if (head.Length < FixedBytes)
        {
            return null;
        }

        var columns = BinaryPrimitives.ReadInt32LittleEndian(head[44..]);
        var rows = BinaryPrimitives.ReadInt32LittleEndian(head[28..]);
        if (columns < 1 || rows < 0 || head.Length != FixedBytes + ((long)columns * ColumnBytes))
        {
            return null;
        }

        var layouts = ImmutableArray.CreateBuilder<ColumnLayout>(columns);
        var nulls = ImmutableArray.CreateBuilder<bool>(columns);
        for (var c = 0; c < columns; c++)
        {
            var column = head[(FixedBytes + (c * ColumnBytes))..];
            layouts.Add(new(
                new(BinaryPrimitives.ReadInt64LittleEndian(column)), (DataType)column[8], (DataType)column[9], BinaryPrimitives.ReadInt32LittleEndian(column[12..])));
            nulls.Add(column[10] != 0);
        }

        var flags = BinaryPrimitives.ReadUInt32LittleEndian(head[40..]);
        return new(
            new(
                new(BinaryPrimitives.ReadInt64LittleEndian(head)),
                new(BinaryPrimitives.ReadInt64LittleEndian(head[8..])),
                BinaryPrimitives.ReadInt32LittleEndian(head[24..]),
                new(BinaryPrimitives.ReadInt64LittleEndian(head[16..]))),
            rows,
            new(BinaryPrimitives.ReadInt64LittleEndian(head[32..])),
            (flags & OrderFlag) != 0,
            (flags & DuplicatesFlag) != 0,
            new(BinaryPrimitives.ReadInt64LittleEndian(head[48..]), BinaryPrimitives.ReadInt64LittleEndian(head[56..])),
            layouts.MoveToImmutable(),
            nulls.MoveToImmutable());
    }
}
