using System.Runtime.InteropServices;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Milvus.Wire;
using Google.Protobuf;

namespace Elanus.Milvus.Tests.Wire;

public class RawSearchTests
{
    private static readonly byte[] Vector = [1, 2, 3, 4, 5, 6, 7, 8];

    private static SearchRequest Request() => new()
    {
        CollectionName = "c",
        Dsl = "a > 1",
        Nq = 2,
        OutputFields = { "x" },
        PlaceholderGroup = new PlaceholderGroup
        {
            Placeholders = { new PlaceholderValue { Tag = "$0", Type = PlaceholderType.FloatVector, Values = { ByteString.CopyFrom(Vector), ByteString.CopyFrom(Vector) }, ElementLevel = true } },
        }.ToByteString(),
        GuaranteeTimestamp = 5,
    };

    [Fact]
    public void The_request_is_parsed_and_its_vectors_stay_where_they_are()
    {
        var request = Request();
        var raw = request.ToByteArray();
        var search = RawSearch.Read(raw).Value;
        var placeholder = Assert.Single(RawPlaceholder.ReadGroup(search.PlaceholderGroup!.Value).Value);

        Assert.Equal(("$0", PlaceholderType.FloatVector, true), (placeholder.Tag, placeholder.Type, placeholder.ElementLevel));
        Assert.All(placeholder.Values, value => Assert.Equal(Vector, value.ToArray()));
        Assert.True(MemoryMarshal.TryGetArray(placeholder.Values[1], out var segment));
        Assert.Same(raw, segment.Array);

        request.ClearPlaceholderGroup();
        Assert.Equal(request, search.Request);
    }

    [Fact]
    public void Of_vectors_and_keys_the_later_counts()
    {
        var keys = new SearchRequest { Ids = new() { IntId = new() { Data = { 7 } } } }.ToByteArray();
        var vectors = Request().ToByteArray();

        var byKeys = RawSearch.Read((byte[])[.. vectors, .. keys]).Value;
        Assert.Null(byKeys.PlaceholderGroup);
        Assert.Equal([7], byKeys.Request.Ids.IntId.Data);

        var byVectors = RawSearch.Read((byte[])[.. keys, .. vectors]).Value;
        Assert.NotNull(byVectors.PlaceholderGroup);
        Assert.Null(byVectors.Request.Ids);

        Assert.Null(RawSearch.Read(keys).Value.PlaceholderGroup);
        Assert.NotNull(RawSearch.Read(keys).Value.Request.Ids);
    }

    [Fact]
    public void Every_prefix_and_every_changed_byte_gives_a_value_or_a_failure()
    {
        var raw = Request().ToByteArray();
        var refused = 0;
        for (var i = 0; i < raw.Length; i++)
        {
            Try(raw[..i]);
            for (var value = 0; value < 256; value++)
            {
                var changed = (byte[])raw.Clone();
                changed[i] = (byte)value;
                Try(changed);
            }
        }

        Assert.InRange(refused, raw.Length / 2, raw.Length * 257);

        void Try(byte[] bytes)
        {
            var search = RawSearch.Read(bytes);
            var understood = search.Succeeded && (search.Value.PlaceholderGroup is not { } group || RawPlaceholder.ReadGroup(group).Succeeded);
            refused += understood ? 0 : 1;
        }
    }
}
