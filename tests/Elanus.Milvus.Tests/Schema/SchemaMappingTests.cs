using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Schema;

public sealed class SchemaMappingTests
{
    [Fact]
    public void A_field_keeps_what_the_client_said_of_it()
    {
        var asked = new Protocol.Schema.FieldSchema
        {
            Name = "tags",
            Description = "what it is about",
            DataType = Protocol.Schema.DataType.Array,
            ElementType = Protocol.Schema.DataType.VarChar,
            Nullable = true,
            IsClusteringKey = true,
            TypeParams = { Pair("max_capacity", "8"), Pair("max_length", "32"), Pair("mmap.enabled", "true") },
            IndexParams = { Pair("index_type", "INVERTED") },
        };

        var field = SchemaReading.Field(asked.ToByteString()).Value;

        Assert.Equal(("tags", "what it is about", DataType.Array, DataType.VarChar), (field.Name, field.Description, field.Type, field.ElementType));
        Assert.True(field is { Nullable: true, IsClusteringKey: true, IsPrimaryKey: false, Default: null });
        Assert.Equal(["max_capacity=8", "max_length=32", "mmap.enabled=true"], field.TypeParams.Select(p => $"{p.Key}={p.Value}"));
        Assert.Equal(asked, SchemaWriting.Field(field));
    }

    [Fact]
    public void Every_kind_of_field_returns_as_it_came()
    {
        foreach (var type in Enum.GetValues<Protocol.Schema.DataType>())
        {
            var asked = new Protocol.Schema.FieldSchema { Name = "f", DataType = type, IsPartitionKey = true, AutoID = true, IsPrimaryKey = true };
            Assert.Equal(asked, SchemaWriting.Field(SchemaReading.Field(asked).Value));
        }
    }

    [Fact]
    public void Defaults_of_every_scalar_type_return_as_they_came()
    {
        (Protocol.Schema.DataType Type, Protocol.Schema.ValueField Value)[] defaults =
        [
            (Protocol.Schema.DataType.Bool, new() { BoolData = true }),
            (Protocol.Schema.DataType.Bool, new() { BoolData = false }),
            (Protocol.Schema.DataType.Int8, new() { IntData = -3 }),
            (Protocol.Schema.DataType.Int16, new() { IntData = 300 }),
            (Protocol.Schema.DataType.Int32, new() { IntData = int.MinValue }),
            (Protocol.Schema.DataType.Int64, new() { LongData = long.MaxValue }),
            (Protocol.Schema.DataType.Float, new() { FloatData = 0.1f }),
            (Protocol.Schema.DataType.Double, new() { DoubleData = 0.1 }),
            (Protocol.Schema.DataType.VarChar, new() { StringData = "" }),
            (Protocol.Schema.DataType.VarChar, new() { StringData = "näh" }),
            (Protocol.Schema.DataType.Timestamptz, new() { TimestamptzData = 5 }),
        ];
        foreach (var (type, value) in defaults)
        {
            var asked = new Protocol.Schema.FieldSchema { Name = "f", DataType = type, DefaultValue = value };
            Assert.Equal(asked, SchemaWriting.Field(SchemaReading.Field(asked).Value));
        }
    }

    [Fact]
    public void A_default_of_bytes_is_refused_by_name()
    {
        var asked = new Protocol.Schema.FieldSchema { Name = "doc", DataType = Protocol.Schema.DataType.Json, DefaultValue = new() { BytesData = ByteString.CopyFromUtf8("{}") } };
        Assert.Contains("doc", SchemaReading.Field(asked).Failure!.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dynamic_field_is_not_shown()
    {
        var schema = new CollectionSchema
        {
            Name = "c",
            EnableDynamicField = true,
            Fields =
            [
                new() { Id = new(100), Name = "id", Type = DataType.Int64, IsPrimaryKey = true },
                new() { Id = new(101), Name = "$meta", Type = DataType.Json, IsDynamic = true },
            ],
        };

        var shown = SchemaWriting.Collection(schema, "default");

        Assert.True(shown.EnableDynamicField);
        Assert.Equal("default", shown.DbName);
        Assert.Equal([(100L, "id")], shown.Fields.Select(f => (f.FieldID, f.Name)));
    }

    [Fact]
    public void Functions_structs_and_namespaces_are_unimplemented_by_name()
    {
        Protocol.Schema.CollectionSchema[] beyond =
        [
            new() { Name = "c", Functions = { new Protocol.Schema.FunctionSchema { Name = "bm25_of_text", Type = Protocol.Schema.FunctionType.Bm25 } } },
            new() { Name = "c", StructArrayFields = { new Protocol.Schema.StructArrayFieldSchema { Name = "clips" } } },
            new() { Name = "c", EnableNamespace = true },
            new() { Name = "c", Fields = { new Protocol.Schema.FieldSchema { Name = "sparse_out", IsFunctionOutput = true } } },
        ];
        string[] named = ["bm25_of_text", "clips", "namespaces", "sparse_out"];

        for (var i = 0; i < beyond.Length; i++)
        {
            var failure = SchemaReading.Collection(beyond[i].ToByteString()).Failure!;
            Assert.Equal(FailureCode.Unimplemented, failure.Code);
            Assert.Contains(named[i], failure.Sentence, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Bytes_that_are_no_schema_are_a_failure_and_no_exception() =>
        Prop.ForAll<byte[]>(bytes => SchemaReading.Collection(ByteString.CopyFrom(bytes)) is var read
            && (read.Succeeded || read.Failure.Code is FailureCode.InvalidParameter or FailureCode.Unimplemented)
            && SchemaReading.Field(ByteString.CopyFrom(bytes)) is { } field
            && (field.Succeeded || field.Failure.Sentence.Length > 0)).QuickCheckThrowOnFailure();

    private static Protocol.Common.KeyValuePair Pair(string key, string value) => new() { Key = key, Value = value };
}
