using Elanus.Engine;
using Elanus.Expressions;

namespace Elanus.Roles;

/// <summary>Rows found by their primary keys.</summary>
internal sealed record KeyLookup(RowBatch Rows, IReadOnlyDictionary<string, int> RowOf)
{
    /// <summary>The newest row of each key that is there, with the given fields and the primary key; <see cref="RowOf"/> by <see cref="KeySet.Show"/>.</summary>
    public static async Task<Result<KeyLookup>> Find(CollectionView view, CollectionInfo collection, ColumnBlock keys, IReadOnlyList<FieldId> fields, CancellationToken cancel)
    {
        var key = collection.Schema.PrimaryKey;
        var literals = Enumerable.Range(0, keys.Rows).Select(row => key.Type == DataType.Int64
            ? Literal.Of(keys.As<long>()[row])
            : Literal.Of(KeySet.Show(keys, row)));
        var templates = new Dictionary<string, Literal> { ["keys"] = Literal.List(literals, l => l) };
        if (!ExpressionCompiler.Compile($"{key.Name} in {{keys}}", collection.Schema, templates).TryGet(out var plan, out var failure))
        {
            return failure;
        }

        var spec = new QuerySpec { Filter = plan, Output = [.. fields.Append(key.Id).Distinct()] };
        if (!(await view.Query(spec, cancel)).TryGet(out var found, out failure))
        {
            return failure;
        }

        var rowOf = new Dictionary<string, int>(found.Fields.Rows, StringComparer.Ordinal);
        for (var row = 0; row < found.Fields.Rows; row++)
        {
            rowOf[KeySet.Show(found.Keys, row)] = row;
        }

        return new KeyLookup(found.Fields, rowOf);
    }
}
