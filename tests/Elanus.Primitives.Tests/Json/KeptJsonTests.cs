using System.Text;
using System.Text.Json;

namespace Elanus.Primitives.Tests;

public sealed class KeptJsonTests
{
    [Fact]
    public void A_schema_is_what_reflection_makes_of_it() => Assert.Empty(KeptForm.Differences<CollectionSchema>(
        schema => KeptJson.Write(json => json.WriteObject(schema, SchemaJson.Write)), bytes => KeptJson.Read(bytes, SchemaJson.Read)));

    [Fact]
    public void A_schema_of_a_key_alone_is_what_reflection_makes_of_it() => Assert.Empty(KeptForm.Differences(
        new CollectionSchema { Name = "k", Fields = [new() { Id = new(100), Name = "id", Type = DataType.Int64, IsPrimaryKey = true }] },
        schema => KeptJson.Write(json => json.WriteObject(schema, SchemaJson.Write)),
        bytes => KeptJson.Read(bytes, SchemaJson.Read)));

    [Fact]
    public void Names_are_what_reflection_makes_of_them() => Assert.Empty(KeptForm.Differences<string[]>(names => KeptJson.WriteNames(names), bytes => KeptJson.ReadNames(bytes)));

    [Theory]
    [InlineData("")]
    [InlineData("[")]
    [InlineData("[] []")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[1]")]
    [InlineData("[\"\\ud800\"]")]
    public void What_is_no_list_of_names_is_refused(string text) => Assert.ThrowsAny<JsonException>(() => KeptJson.ReadNames(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Null_is_nothing() => Assert.Null(KeptJson.ReadNames("null"u8));
}
