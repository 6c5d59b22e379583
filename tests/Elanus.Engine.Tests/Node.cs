using Elanus.Expressions;
using Elanus.Log;
using Elanus.Primitives;
using Elanus.Storage;
using Elanus.Vectors;

namespace Elanus.Engine.Tests;

/// <summary>A state that is fed records, and asked in the words of the tests.</summary>
internal sealed class Node : IAsyncDisposable
{
    private ulong number;
    private Epoch epoch;

    public Node(IWorkScheduler? work = null, EngineOptions? options = null, ISegmentStore? store = null)
    {
        State = new(new(3), work ?? new InlineWork(), options, store);
    }

    public DataState State { get; }

    public CollectionData Collection => State.Find(Sample.Collection)!;

    public static FilterPlan Filter(string text, bool textKey = false) => ExpressionCompiler.Compile(text, Sample.Schema(textKey)).Value;

    /// <summary>Encodes the record, as the log would carry it, and applies it at the next position.</summary>
    public Node Apply(DataRecord record)
    {
        var encoded = record is null ? throw new ArgumentNullException(nameof(record)) : DataRecordCodec.Encode(record);
        number++;
        State.Apply(new(State.Channel, number), new(number << 4), encoded.Kind, encoded.ToArray());
        return this;
    }

    /// <summary>Applies records one after another.</summary>
    public Node Apply(IReadOnlyList<DataRecord> records)
    {
        foreach (var record in records)
        {
            Apply(record);
        }

        return this;
    }

    /// <summary>Applies the fence of an epoch.</summary>
    public Node Fence(ulong epoch)
    {
        number++;
        var position = new LogPosition(State.Channel, number);
        this.epoch = new(epoch, new(epoch << 32, epoch));
        var fence = new Fence(this.epoch, position, Epoch.None, number - 1, false);
        State.Apply(position, new(number << 4), RecordKind.Fence.Value, fence.ToPayload());
        return this;
    }

    /// <summary>The position of the next record.</summary>
    public LogPosition Next => new(State.Channel, number + 1);

    /// <summary>The state's bytes in a checkpoint.</summary>
    public (byte[] Description, byte[] Rows) Captured()
    {
        using var capture = State.Capture();
        return (capture.Describe(), [.. capture.Rows().SelectMany(pieces => pieces).SelectMany(piece => piece.ToArray())]);
    }

    /// <summary>Another node that starts from a checkpoint of this one.</summary>
    public Node Restored((byte[] Description, byte[] Rows) from, IWorkScheduler? work = null, EngineOptions? options = null, ISegmentStore? store = null)
    {
        var other = new Node(work, options, store) { number = number, epoch = epoch };
        other.State.Restore(
            new(State.Channel, number), epoch, State.AppliedTimestamp, from.Description, offset => from.Rows.AsMemory((int)offset), CancellationToken.None)
            .GetAwaiter().GetResult();
        return other;
    }

    public async Task<List<(long Key, int Number)>> Rows(string filter = "", long? limit = null, long offset = 0, params PartitionId[] only)
    {
        using var view = Open(only);
        return await Rows(view, filter, limit, offset);
    }

    public static async Task<List<(long Key, int Number)>> Rows(CollectionView view, string filter = "", long? limit = null, long offset = 0)
    {
        var textKey = view.Schema.PrimaryKey.Type == DataType.VarChar;
        var found = await view.Query(
            new() { Filter = Filter(filter, textKey), Output = [Sample.Number], Limit = limit, Offset = offset }, CancellationToken.None);
        return Pairs(found.Value.Keys, found.Value.Fields);
    }

    public async Task<long> Count(string filter = "", params PartitionId[] only)
    {
        using var view = Open(only);
        return (await view.Query(new() { Filter = Filter(filter), CountOnly = true }, CancellationToken.None)).Value.Count;
    }

    public async Task<List<(long Key, float Score)>> Search(
        float[] vector, int k, MetricType metric = MetricType.L2, string filter = "", params PartitionId[] only)
    {
        using var view = Open(only);
        var hits = (await view.Search(Spec(vector, k, metric, filter), CancellationToken.None)).Value;
        return [.. Keys(hits.Keys).Zip(hits.Scores)];
    }

    public static SearchSpec Spec(float[] vector, int k, MetricType metric = MetricType.L2, string filter = "") => new()
    {
        Field = Sample.Vector,
        Metric = metric,
        Queries = new ColumnBuilder(DataType.FloatVector, dimension: vector.Length)
            .Append(System.Runtime.InteropServices.MemoryMarshal.AsBytes(vector.AsSpan())).Build(),
        K = k,
        Filter = Filter(filter),
    };

    public CollectionView Open(params PartitionId[] only) => Collection.OpenView(only.Length == 0 ? null : only).Value;

    public static long[] Keys(ColumnBlock keys) => keys.Type == DataType.Int64
        ? keys.As<long>().ToArray()
        : [.. Enumerable.Range(0, keys.Rows).Select(i => long.Parse(System.Text.Encoding.UTF8.GetString(keys.Bytes(i)[1..]), null))];

    public ValueTask DisposeAsync() => State.DisposeAsync();

    private static List<(long Key, int Number)> Pairs(ColumnBlock keys, RowBatch fields) => [.. Keys(keys).Zip(fields.Find(Sample.Number)!.As<int>().ToArray())];
}
