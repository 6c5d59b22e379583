using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Schema;
using Elanus.Milvus.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Wire;

public class RawMutationTests
{
    private const int FieldsData = InsertRequest.FieldsDataFieldNumber;

    [Fact]
    public void Whatever_protobuf_writes_is_read_as_protobuf_reads_it() =>
        Prop.ForAll<int>(seed =>
        {
            var columns = new RandomColumns(seed);
            var request = new InsertRequest { DbName = "d", CollectionName = "c", NumRows = 7, Namespace = "n", HashKeys = { 1, 300 }, FieldsData = { columns.Column(), columns.Column() } };

            var read = RawMutations.ReadInsert(request.ToByteArray()).Value;

            Assert.Equal(request.FieldsData, read.Fields.Select(Encoding.Message));
            request.FieldsData.Clear();
            Assert.Equal(request, read.Request);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Damaged_bytes_are_refused_or_read_as_protobuf_reads_them() =>
        Prop.ForAll<int>(seed =>
        {
            var random = new Random(seed);
            var bytes = new UpsertRequest { CollectionName = "c", PartialUpdate = true, FieldsData = { new RandomColumns(seed).Column() }, FieldOps = { new FieldPartialUpdateOp { FieldName = "f" } } }.ToByteArray();
            for (var damage = 0; damage < 20; damage++)
            {
                var damaged = bytes[..random.Next(bytes.Length / 2, bytes.Length + 1)];
                for (var flips = random.Next(4); flips > 0 && damaged.Length > 0; flips--)
                {
                    damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
                }

                if (!RawMutations.ReadUpsert(damaged).TryGet(out var read, out var failure))
                {
                    Assert.Contains("malformed", failure.Sentence, StringComparison.Ordinal);
                    continue;
                }

                // Protobuf's reader for C# refuses nothing that this one accepts.
                var parsed = UpsertRequest.Parser.ParseFrom(damaged);
                Assert.Equal(parsed.FieldsData.Count, read.Fields.Length);
                Assert.Equal(parsed.FieldsData.Select(column => column.FieldName), read.Fields.Select(column => column.Name));
                Assert.Equal(parsed.CollectionName, read.Request.CollectionName);
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Vectors_are_slices_of_the_request()
    {
        var request = new InsertRequest { FieldsData = { new FieldData { FieldName = "v", Vectors = new() { Dim = 2, FloatVector = new() { Data = { 1, 2, 3, 4 } } } } } }.ToByteArray();
        var vectors = RawMutations.ReadInsert(request).Value.Fields[0].Vectors!;
        Assert.True(MemoryMarshal.TryGetArray(vectors.Data, out var segment));
        Assert.Same(request, segment.Array);
        Assert.Equal([1, 2, 3, 4], MemoryMarshal.Cast<byte, float>(vectors.Data.Span).ToArray());
        Assert.Equal(2, vectors.Dimension);
    }

    [Theory]
    [MemberData(nameof(UnusualFloats))]
    public void Floats_in_several_pieces_or_unpacked_are_gathered(byte[] vectors)
    {
        var raw = Encoding.Field(FieldsData, Encoding.Field(2, "v"u8.ToArray()), vectors);
        Assert.Equal([1f, 2f, 3f], InsertRequest.Parser.ParseFrom(raw).FieldsData[0].Vectors.FloatVector.Data);
        var read = RawMutations.ReadInsert(raw).Value.Fields[0].Vectors!;
        Assert.Equal(Elanus.Primitives.DataType.FloatVector, read.Kind);
        Assert.Equal([1f, 2f, 3f], MemoryMarshal.Cast<byte, float>(read.Data.Span).ToArray());
    }

    public static TheoryData<byte[]> UnusualFloats() =>
    [
        Encoding.Field(4, Encoding.Field(2, Encoding.Single(1, 1), Encoding.Single(1, 2), Encoding.Single(1, 3))),
        Encoding.Field(4, Encoding.Field(2, Encoding.Field(1, Encoding.Floats(1)), Encoding.Single(1, 2), Encoding.Field(1, Encoding.Floats(3)))),
        Encoding.Field(4, Encoding.Field(2, Encoding.Field(1, Encoding.Floats(1, 2))), Encoding.Field(2, Encoding.Field(1, Encoding.Floats(3)))),
        [.. Encoding.Field(4, Encoding.Field(2, Encoding.Field(1, Encoding.Floats(1)))), .. Encoding.Field(4, Encoding.Field(2, Encoding.Field(1, Encoding.Floats(2, 3))))],
        Encoding.Field(4, Encoding.Field(3, [9]), Encoding.Field(2, Encoding.Field(1, Encoding.Floats(1, 2, 3)))),
        [.. Encoding.Field(3, Encoding.Field(1, Encoding.Field(1, [1]))), .. Encoding.Field(4, Encoding.Field(2, Encoding.Field(1, Encoding.Floats(1, 2, 3))))],
    ];

    [Fact]
    public void Truths_spelled_unusually_and_unpacked_numbers_are_understood()
    {
        var column = Encoding.Field(
            FieldsData,
            Encoding.Number(7, 1),
            Encoding.Field(7, Encoding.Varint(0), Encoding.Varint(300)),
            Encoding.Field(3, Encoding.Field(2, Encoding.Number(1, 5), Encoding.Field(1, Encoding.Varint(ulong.MaxValue), Encoding.Varint(1UL << 32 | 7)))));
        var expected = InsertRequest.Parser.ParseFrom(column).FieldsData[0];
        var read = RawMutations.ReadInsert(column).Value.Fields[0];
        Assert.Equal([1, 0, 1], read.ValidData.ToArray());
        Assert.Equal([5, -1, 7], read.Scalars!.Ints.ToArray());
        Assert.Equal(expected, Encoding.Message(read));
    }

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_malformed_is_named(byte[] raw, string place, string fault)
    {
        Assert.False(RawMutations.ReadInsert(raw).TryGet(out _, out var failure));
        Assert.Contains(place, failure.Sentence, StringComparison.Ordinal);
        Assert.Contains(fault, failure.Sentence, StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string, string> Malformed() => new()
    {
        { [0xff], "InsertRequest", "cut off" },
        { [0x2a, 0x05, 1], "InsertRequest", "reaches past the end" },
        { [0x00], "InsertRequest", "tag 0 is illegal" },
        { [0x0f], "InsertRequest", "tag 15 is illegal" },
        { [0x0b, 0x08, 1], "InsertRequest", "group does not end" },
        { [0x0c], "InsertRequest", "did not begin" },
        { Encoding.Field(1, [0xff]), "InsertRequest", "" },
        { Encoding.Field(FieldsData, [0x12, 0x01]), "fields_data[0]", "reaches past the end" },
        { Encoding.Field(FieldsData, Encoding.Field(2, [0xc3])), "fields_data[0]", "not UTF-8" },
        { Encoding.Field(FieldsData, Encoding.Field(2, "v"u8.ToArray()), Encoding.Field(4, Encoding.Field(2, Encoding.Field(1, [1, 2, 3])))), "field v", "3 bytes are no whole number" },
        { Encoding.Field(FieldsData, Encoding.Field(2, "d"u8.ToArray()), Encoding.Field(3, Encoding.Field(5, Encoding.Field(1, [1, 2, 3, 4])))), "field d", "4 bytes are no whole number" },
        { Encoding.Field(FieldsData, Encoding.Field(2, "t"u8.ToArray()), Encoding.Field(3, Encoding.Field(6, Encoding.Field(1, "ok"u8.ToArray()), Encoding.Field(1, [0xff])))), "field t: row 1", "not UTF-8" },
        { Encoding.Field(FieldsData, Encoding.Field(2, "i"u8.ToArray()), Encoding.Field(3, Encoding.Field(3, Encoding.Field(1, [1, 0x80])))), "field i", "cut off" },
        { Encoding.Field(FieldsData, Encoding.Field(2, "i"u8.ToArray()), Encoding.Field(3, Encoding.Field(3, Encoding.Field(1, [.. Enumerable.Repeat((byte)0x80, 10), 1])))), "field i", "longer than ten" },
        { Encoding.Field(FieldsData, Nested(8, 1)), "fields_data[0]", "nested too deeply" },
        { Encoding.Field(FieldsData, Encoding.Field(3, Nested(8, 1))), "fields_data[0]", "nested too deeply" },
        { Encoding.Field(FieldsData, Encoding.Field(4, Nested(8, 2))), "fields_data[0]", "nested too deeply" },
    };

    private static byte[] Nested(int outer, int inner)
    {
        byte[] nested = [];
        for (var i = 0; i < 1000; i++)
        {
            nested = Encoding.Field(outer, Encoding.Field(inner, nested));
        }

        return nested;
    }
}
