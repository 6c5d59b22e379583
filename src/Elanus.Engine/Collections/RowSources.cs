using Elanus.Primitives;

namespace Elanus.Engine;

/// <summary>The columns of a row group brought to a segment's layout, checked against the schema: one source a column, in layout order.</summary>
internal sealed class RowSources
{
    private RowSources(ColumnSource[] sources, long[] bytes, ColumnBlock keys)
    {
        Sources = sources;
        Bytes = bytes;
        Keys = keys;
    }

    public ColumnSource[] Sources { get; }

    /// <summary>Bytes that each column's values take.</summary>
    public long[] Bytes { get; }

    public ColumnBlock Keys { get; }

    /// <exception cref="RecordCorruptException">The rows do not fit the schema; their writer checked them, so bytes or code are at fault.</exception>
    public static RowSources Of(CollectionSchema schema, SegmentLayout layout, int shards, int schemaVersion, RowGroup group)
    {
        PayloadReader.Require(group.Shard < shards, $"shard {group.Shard} of {shards} does not exist");
        var sources = new ColumnSource[layout.Columns.Length];
        var bytes = new long[sources.Length];
        ColumnBlock? keys = null;
        foreach (var field in schema.Fields)
        {
            var at = layout.Find(field.Id);
            var column = group.Rows.Find(field.Id);
            sources[at] = column is null ? ColumnSource.Absent(field) : new(column, null);
            bytes[at] = column?.Values.Length ?? (long)(sources[at].Constant?.Length ?? layout.Columns[at].Width) * group.Rows.Rows;
            PayloadReader.Require(column is null || layout.Columns[at].Fits(column), $"the values of field {field.Id} are not of its type");
            PayloadReader.Require(
                !sources[at].IsNull || field.Nullable || schemaVersion < schema.Version, $"rows leave out field {field.Id}, which has no default");
            keys = field.IsPrimaryKey ? column : keys;
        }

        CheckKeys(schema, keys);
        return new(sources, bytes, keys!);
    }

    public static void CheckKeys(CollectionSchema schema, ColumnBlock? keys)
    {
        PayloadReader.Require(keys is not null && ColumnLayout.Of(schema.PrimaryKey).Fits(keys), "primary keys are absent, or of another type");
        for (var row = 0; !keys!.Validity.IsEmpty && row < keys.Rows; row++)
        {
            PayloadReader.Require(keys.IsValid(row), "a primary key is null");
        }
    }
}
