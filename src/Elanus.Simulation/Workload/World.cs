using System.Runtime.InteropServices;
using Elanus.Engine;
using Elanus.Log;
using Elanus.Roles;
using Elanus.Server;

namespace Elanus.Simulation;

/// <summary>
/// What the clients of a simulated world work on: few names and few keys, so that they meet. A row's tag names the operation that wrote it and its
/// place there, and its vector follows from its tag; so wherever a row turns up, it says what it must be.
/// </summary>
public static class World
{
    public const string Database = "default";
    public const string Alias = "birds";
    public const string KeyName = "id";
    public const string TagName = "tag";
    public const string VectorName = "vec";
    public const int Dimension = 4;

    /// <summary>Most rows of one operation.</summary>
    public const int RowsMax = 8;

    public static readonly FieldId KeyField = new(100);
    public static readonly FieldId TagField = new(101);
    public static readonly FieldId VectorField = new(102);

    /// <summary>Names of collections that are made.</summary>
    public static readonly string[] Collections = ["kites", "owls"];

    /// <summary>Names that a collection may be given later, too.</summary>
    public static readonly string[] Names = [.. Collections, "terns"];

    /// <summary>Fields that a collection may be given later.</summary>
    public static readonly string[] AddedFields = ["note", "mark"];
    public static readonly string[] Partitions = ["north", "south"];

    private static readonly CollectionSchema Schema = new()
    {
        Name = "",
        Fields =
        [
            new() { Id = default, Name = KeyName, Type = DataType.Int64, IsPrimaryKey = true },
            new() { Id = default, Name = TagName, Type = DataType.Int64 },
            new() { Id = default, Name = VectorName, Type = DataType.FloatVector, TypeParams = [new("dim", $"{Dimension}")] },
        ],
    };

    /// <summary>Shared by every node and by the check that replays: the logical state depends on it.</summary>
    public static readonly EngineOptions Engine = new() { SegmentBytesMax = 2_000, VerifyFilesFirst = true, IndexedRowsMin = 8 };

    /// <summary>Small files and segments, so that a run fills many.</summary>
    public static NodeSettings Node(Dice dice)
    {
        var segmentBytes = dice.Of([16L << 10, 64L << 10, 256L << 10]);
        return new()
        {
            DataPath = "/data",
            Log = new()
            {
                SegmentBytes = segmentBytes,

                // In a third of the worlds every group may go beside another one.
                GroupBytesBeside = segmentBytes == 64 << 10 ? 1 : new FileLogOptions().GroupBytesBeside,

                // In another third the next segment is prepared.
                SpareBytesASecond = segmentBytes == 16 << 10 ? 1 << 20 : 0,
                SpareAfterMs = 50,
                GroupBytesMax = dice.Of([2_000L, 8L << 20]),
                QueueRecordsMax = dice.Of([4, 1_000]),
                QueueBytesMax = dice.Of([4_000L, 64L << 20]),
            },
            Engine = Engine,
            SegmentBytesMax = 8_000,
            Checkpoints = new() { LogBytesMin = dice.Of([10L << 10, 60L << 10, 64L << 20]), RecordBytesMin = 512 },
            PasswordRounds = 1,
        };
    }

    public static CollectionDraft Draft(string name, int shards) => new() { Schema = Schema with { Name = name }, Shards = shards };

    public static IndexDraft Index(string type) => new(
        VectorName, "", [new("index_type", type), new("metric_type", "L2"), .. type == "HNSW" ? [new("M", "8"), new("efConstruction", "40")] : Array.Empty<KeyValuePair<string, string>>()]);

    public static long Tag(int operation, int row) => (long)operation * RowsMax + row;

    public static int OperationOf(long tag) => (int)(tag / RowsMax);

    public static int RowOf(long tag) => (int)(tag % RowsMax);

    /// <summary>Small whole numbers, so that distances are exact in any order of summing.</summary>
    public static float[] Vector(long tag)
    {
        var vector = new float[Dimension];
        Vector(tag, vector);
        return vector;
    }

    private static void Vector(long tag, Span<float> into)
    {
        var mixed = new SeededRandom((ulong)tag).NextUInt64();
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = (int)(mixed >> (8 * i) & 31) - 16;
        }
    }

    /// <summary>Squared Euclidean distance from a vector to the one that follows from a tag.</summary>
    public static float Distance(float[] left, long tag)
    {
        Span<float> right = stackalloc float[Dimension];
        Vector(tag, right);
        var sum = 0f;
        for (var i = 0; i < right.Length; i++)
        {
            sum += (left[i] - right[i]) * (left[i] - right[i]);
        }

        return sum;
    }

    public static ColumnBlock Vectors(IEnumerable<float[]> vectors)
    {
        var builder = new ColumnBuilder(DataType.FloatVector, dimension: Dimension);
        foreach (var vector in vectors)
        {
            builder.Append(MemoryMarshal.AsBytes<float>(vector));
        }

        return builder.Build();
    }

    public static ColumnBlock Longs(IEnumerable<long> values)
    {
        var builder = new ColumnBuilder(DataType.Int64);
        foreach (var value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }
}
