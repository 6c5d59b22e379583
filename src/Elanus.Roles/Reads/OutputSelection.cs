namespace Elanus.Roles;

/// <summary>Which fields a read returns, after names, dynamic keys and <c>*</c> are resolved.</summary>
/// <param name="Fields">Schema fields, in the order first asked for; the dynamic field among them where any of its keys is.</param>
/// <param name="DynamicKeys">The keys of the dynamic field to return; null for all.</param>
/// <param name="Names">What the client asked for, with <c>*</c> expanded.</param>
public sealed record OutputSelection(IReadOnlyList<FieldSchema> Fields, IReadOnlySet<string>? DynamicKeys, IReadOnlyList<string> Names)
{
    public const string Count = "count(*)";

    /// <summary>What stands in expressions, not in the names of keys.</summary>
    private static readonly System.Buffers.SearchValues<char> NoKey = System.Buffers.SearchValues.Create(" []()\"'*%\\");

    public IReadOnlyList<FieldId> Ids { get; } = [.. Fields.Select(f => f.Id)];

    /// <summary>Whether a client asks for the number of rows and nothing else.</summary>
    public static bool Counts(IReadOnlyList<string> asked) => asked is [var only] && only.AsSpan().Trim().Equals(Count, StringComparison.OrdinalIgnoreCase);

    /// <param name="withKey">Whether the primary key comes back even where nobody asked.</param>
    public static Result<OutputSelection> Resolve(CollectionSchema schema, IReadOnlyList<string> asked, bool withKey)
    {
        var fields = new List<FieldSchema>();
        var names = new List<string>();
        var dynamicKeys = new HashSet<string>(StringComparer.Ordinal);
        var wholeDynamic = false;
        foreach (var given in asked)
        {
            var name = given.Trim();
            if (name == "*" || name == "%")
            {
                foreach (var field in schema.Fields)
                {
                    Add(field);
                    wholeDynamic |= field.IsDynamic;
                }
            }
            else if (schema.Find(name) is { } field)
            {
                Add(field);
                wholeDynamic |= field.IsDynamic;
            }
            else if (schema.DynamicField is not { } dynamic)
            {
                return Failure.Invalid($"field {name} not exist");
            }
            else if (Key(name) is { } key)
            {
                Add(dynamic, name);
                dynamicKeys.Add(key);
            }
            else
            {
                return Failure.Invalid($"parse output field name failed: {name}; of a JSON value only the keys of the dynamic field can be asked for one by one");
            }
        }

        if (withKey)
        {
            Add(schema.PrimaryKey);
        }

        return new OutputSelection(fields, wholeDynamic ? null : dynamicKeys, names);

        void Add(FieldSchema field, string? name = null)
        {
            if (!fields.Contains(field))
            {
                fields.Add(field);
            }

            if (!names.Contains(name ?? field.Name))
            {
                names.Add(name ?? field.Name);
            }
        }
    }

    /// <summary>The key behind <c>$meta["key"]</c>, or the name itself; null for what names no key of the dynamic field.</summary>
    private static string? Key(string name)
    {
        const string before = SchemaRules.DynamicFieldName + "[";
        if (!name.StartsWith(before, StringComparison.Ordinal))
        {
            return name.AsSpan().IndexOfAny(NoKey) < 0 ? name : null;
        }

        return name[before.Length..] is [('"' or '\'') and var quote, .. { Length: > 0 } key, var end, ']'] && end == quote && !key.Contains(quote, StringComparison.Ordinal)
            ? key
            : null;
    }

    /// <summary>The rows with the dynamic field cut to the keys asked for.</summary>
    public RowBatch Project(RowBatch rows)
    {
        if (DynamicKeys is null)
        {
            return rows;
        }

        var columns = new FieldColumn[rows.Columns.Count];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = rows.Columns[i];
            if (Fields.FirstOrDefault(f => f.Id == columns[i].Field) is { IsDynamic: true })
            {
                columns[i] = new(columns[i].Field, JsonKeys.Keep(columns[i].Values, DynamicKeys));
            }
        }

        return new(rows.Rows, columns);
    }
}
