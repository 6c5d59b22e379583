using System.Globalization;
using Elanus.Milvus.Protocol;
using Elanus.Milvus.Protocol.Common;
using Elanus.Primitives;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Google.Protobuf;
using Wire = Elanus.Milvus.Protocol.Schema;

namespace Elanus.Cli;

/// <summary>A collection of random vectors on a server, made and filled through the port.</summary>
internal sealed class BenchCollection(IRpcCaller server, TimeProvider time)
{
    /// <summary>Bytes of a row's vector.</summary>
    public const int RowBytes = Dimension * sizeof(float);

    private const string Name = "bench";
    private const int Dimension = 128;
    private const int RowsPerInsert = 5_000;

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes the collection, inserts the rows, seals them, loads them; ends when the index says that all rows are served by it.</summary>
    /// <exception cref="InvariantBrokenException">The server refused something.</exception>
    public async Task Fill(int rows, string index, Action<int> inserted, CancellationToken cancel)
    {
        var schema = new Wire.CollectionSchema { Name = Name };
        schema.Fields.Add(new Wire.FieldSchema { Name = "id", DataType = Wire.DataType.Int64, IsPrimaryKey = true });
        var vector = new Wire.FieldSchema { Name = "v", DataType = Wire.DataType.FloatVector };
        vector.TypeParams.Add(new Elanus.Milvus.Protocol.Common.KeyValuePair { Key = "dim", Value = Dimension.ToString(CultureInfo.InvariantCulture) });
        schema.Fields.Add(vector);
        Good(await Call<CreateCollectionRequest, Status>("CreateCollection", new() { CollectionName = Name, Schema = schema.ToByteString() }, cancel));
        for (var done = 0; done < rows;)
        {
            var count = Math.Min(RowsPerInsert, rows - done);
            Good((await Call<InsertRequest, MutationResult>("Insert", Batch(done, count), cancel)).Status);
            inserted(done += count);
        }

        Good((await Call<FlushRequest, FlushResponse>("Flush", new() { CollectionNames = { Name } }, cancel)).Status);
        var create = new CreateIndexRequest { CollectionName = Name, FieldName = "v" };
        create.ExtraParams.Add(new Elanus.Milvus.Protocol.Common.KeyValuePair { Key = "index_type", Value = index });
        create.ExtraParams.Add(new Elanus.Milvus.Protocol.Common.KeyValuePair { Key = "metric_type", Value = "L2" });
        create.ExtraParams.Add(new Elanus.Milvus.Protocol.Common.KeyValuePair { Key = "params", Value = "{\"M\":16,\"efConstruction\":100}" });
        Good(await Call<CreateIndexRequest, Status>("CreateIndex", create, cancel));
        Good(await Call<LoadCollectionRequest, Status>("LoadCollection", new() { CollectionName = Name }, cancel));
        while (!await IsIndexed(rows, cancel))
        {
            await Task.Delay(Poll, time, cancel);
        }
    }

    private async Task<bool> IsIndexed(int rows, CancellationToken cancel)
    {
        var described = await Call<DescribeIndexRequest, DescribeIndexResponse>("DescribeIndex", new() { CollectionName = Name }, cancel);
        return described.IndexDescriptions.All(i => i.IndexedRows >= rows && i.PendingIndexRows == 0);
    }

    private static InsertRequest Batch(int first, int count)
    {
        var request = new InsertRequest { CollectionName = Name, NumRows = (uint)count };
        request.FieldsData.Add(new Wire.FieldData
        {
            FieldName = "id", Type = Wire.DataType.Int64, Scalars = new() { LongData = new() { Data = { Enumerable.Range(first, count).Select(i => (long)i) } } },
        });
        var random = new SeededRandom((ulong)first);
        var bytes = new byte[count * Dimension];
        random.Fill(bytes);
        request.FieldsData.Add(new Wire.FieldData
        {
            FieldName = "v", Type = Wire.DataType.FloatVector, Vectors = new() { Dim = Dimension, FloatVector = new() { Data = { Array.ConvertAll(bytes, b => b / 255f) } } },
        });
        return request;
    }

    private static void Good(Status status) => Invariant.Holds(status.Code == 0, $"the server refused: {status.Reason}");

    private async Task<TReply> Call<TRequest, TReply>(string method, TRequest request, CancellationToken cancel)
        where TRequest : class, IMessage<TRequest>, new()
        where TReply : class, IMessage<TReply>, new()
    {
        var answer = await server.Call(new RpcMethod<TRequest, TReply>(WireServers.Service, method), request, cancel);
        return answer.TryGet(out var reply, out var status) ? reply : throw new InvariantBrokenException($"{method} ended with {status}");
    }
}
