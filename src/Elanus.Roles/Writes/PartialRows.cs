namespace Elanus.Roles;

/// <summary>
/// Completes the rows of a partial upsert from the rows that they replace: a field left out keeps its value, keys of the dynamic field are merged,
/// arrays may grow or shrink. A key without a row becomes an insert, which needs every field that has no default.
/// Two partial upserts of one key at the same moment: the later record wins whole, as in Milvus.
/// </summary>
internal static class PartialRows
{
    public static async Task<Result<IReadOnlyList<ClientColumn>>> Complete(
        ProxyContext proxy,
        CollectionInfo collection,
        InsertCall call,
        ColumnBlock keys,
        CancellationToken cancel)
    {
        if (!(await Existing(proxy, collection, keys, cancel)).TryGet(out var existing, out var failure))
        {
            return failure;
        }

        var schema = collection.Schema;
        var completed = new List<ClientColumn>(call.Columns.Where(c => c.IsDynamic ? schema.DynamicField is null : schema.Find(c.Name) is null));
        foreach (var field in schema.Fields)
        {
            var given = RowIntake.Find(call.Columns, field);
            if (given is not null && !Fits(given, field, call.Rows))
            {
                // Wrong in itself: the intake says how.
                completed.Add(new(field.Name, given, field.IsDynamic));
                continue;
            }

            var change = call.ArrayChanges.GetValueOrDefault(field.Name);
            if (change != ArrayChange.Replace && field.Type != DataType.Array)
            {
                return Failure.Invalid($"field {field.Name} is not an array: {change} of values is for arrays only");
            }

            var builder = new ColumnBuilder(field, call.Rows);
            for (var row = 0; row < call.Rows; row++)
            {
                var old = existing.RowOf.TryGetValue(KeySet.Show(keys, row), out var at) ? existing.Rows.Find(field.Id) : null;
                Row(builder, field, given, row, old, at, change);
            }

            completed.Add(new(field.Name, builder.Build(), field.IsDynamic));
        }

        return completed;
    }

    private static bool Fits(ColumnBlock given, FieldSchema field, int rows) =>
        given.Type == field.Type && given.ElementType == field.ElementType && given.Dimension == field.Dimension && given.Rows == rows;

    private static void Row(ColumnBuilder builder, FieldSchema field, ColumnBlock? given, int row, ColumnBlock? old, int at, ArrayChange change)
    {
        if (given is null)
        {
            _ = old is null ? builder.AppendNull() : builder.AppendFrom(old, at);
        }
        else if (old is not null && field.IsDynamic)
        {
            builder.Append(JsonKeys.Merge(old.Bytes(at), given.Bytes(row)));
        }
        else if (old is not null && change != ArrayChange.Replace && given.IsValid(row) && old.IsValid(at))
        {
            builder.Append(change == ArrayChange.Append
                ? [.. old.Bytes(at), .. given.Bytes(row)]
                : ArrayElements.Without(field.ElementType, old.Bytes(at), given.Bytes(row)));
        }
        else
        {
            builder.AppendFrom(given, row);
        }
    }

    private static async Task<Result<KeyLookup>> Existing(ProxyContext proxy, CollectionInfo collection, ColumnBlock keys, CancellationToken cancel)
    {
        if (!(await proxy.OpenView(collection, [], Freshness.Strong, cancel)).TryGet(out var view, out var failure))
        {
            return failure;
        }

        using (view)
        {
            return await KeyLookup.Find(view, collection, keys, [.. collection.Schema.Fields.Select(f => f.Id)], cancel);
        }
    }
}
