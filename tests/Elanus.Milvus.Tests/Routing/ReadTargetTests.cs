using System.Buffers.Binary;
using System.Text;
using Elanus.Milvus.Protocol;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using ConsistencyLevel = Elanus.Milvus.Protocol.Common.ConsistencyLevel;
using RoleLevel = Elanus.Roles.ConsistencyLevel;

namespace Elanus.Milvus.Tests;

public sealed class ReadTargetTests
{
    private const string Service = "/milvus.proto.milvus.MilvusService/";

    [Theory]
    [InlineData(Service + "Query", true)]
    [InlineData(Service + "Search", true)]
    [InlineData(Service + "HybridSearch", true)]
    [InlineData(Service + "Insert", false)]
    [InlineData(Service + "DescribeCollection", false)]
    [InlineData("/v2/vectordb/entities/get", true)]
    [InlineData("/v2/vectordb/entities/insert", false)]
    [InlineData("/v2/vectordb/collections/list", false)]
    public void Reads_of_rows_are_told_by_their_path(string path, bool isRead) => Assert.Equal(isRead, ReadTarget.IsRead(path));

    [Fact]
    public void A_query_names_its_rows_and_its_level()
    {
        var request = new QueryRequest { CollectionName = "c", PartitionNames = { "p", "q" }, ConsistencyLevel = ConsistencyLevel.Session, GuaranteeTimestamp = 7 };
        var target = ReadTarget.Of(Http("Query", ("dbname", "d")), Framed(request))!;
        Assert.Equal(("d", "c"), (target.Database, target.Collection));
        Assert.Equal(["p", "q"], target.Partitions);
        Assert.Equal((RoleLevel.Session, 7ul), (target.Consistency.Level, target.Consistency.Guarantee.Value));
    }

    [Fact]
    public void What_names_no_level_is_Strong_in_gRPC_and_the_collection_s_own_in_REST()
    {
        Assert.Equal(RoleLevel.Strong, ReadTarget.Of(Http("Search"), Framed(new SearchRequest { CollectionName = "c" }))!.Consistency.Level);
        Assert.Null(ReadTarget.Of(Http("HybridSearch"), Framed(new HybridSearchRequest { CollectionName = "c", UseDefaultConsistency = true }))!.Consistency.Level);
        var rest = Http("");
        rest.Path = "/v2/vectordb/entities/query";
        Assert.Null(ReadTarget.Of(rest, """{"collectionName":"c"}"""u8)!.Consistency.Level);
        Assert.Equal(RoleLevel.Eventually, ReadTarget.Of(rest, """{"collectionName":"c","consistencyLevel":"Eventually"}"""u8)!.Consistency.Level);
    }

    [Fact]
    public void What_cannot_be_judged_here_has_no_target()
    {
        var compressed = Framed(new QueryRequest { CollectionName = "c" });
        compressed[0] = 1;
        Assert.Null(ReadTarget.Of(Http("Query"), compressed));
        Assert.Null(ReadTarget.Of(Http("Query"), compressed.AsSpan(0, 3)));
        Assert.Null(ReadTarget.Of(Http("Query"), Framed(new QueryRequest { ConsistencyLevel = (ConsistencyLevel)99 })));
        Assert.Null(ReadTarget.Of(Http("Query"), [0, 0, 0, 0, 2, 0x0A, 0x7F]));
        var rest = Http("");
        rest.Path = "/v2/vectordb/entities/query";
        Assert.Null(ReadTarget.Of(rest, Encoding.UTF8.GetBytes("{broken")));
        Assert.Null(ReadTarget.Of(rest, """{"consistencyLevel":"Whatever"}"""u8));
    }

    private static HttpRequest Http(string method, params (string Name, string Value)[] headers)
    {
        var request = new DefaultHttpContext().Request;
        request.Path = Service + method;
        foreach (var (name, value) in headers)
        {
            request.Headers[name] = value;
        }

        return request;
    }

    private static byte[] Framed(IMessage message)
    {
        var frame = new byte[5 + message.CalculateSize()];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), frame.Length - 5);
        message.WriteTo(frame.AsSpan(5));
        return frame;
    }
}
