using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Roles;

/// <summary>Changes to a field of a living collection: only what never invalidates a stored row.</summary>
public static class FieldChange
{
    public static Result<FieldSchema> Apply(
        FieldSchema field,
        IReadOnlyCollection<KeyValuePair<string, string>> set,
        IReadOnlyCollection<string> delete,
        Limits limits)
    {
        var changed = field;
        foreach (var key in delete)
        {
            if (key is not ("mmap.enabled" or "warmup"))
            {
                return Failure.Invalid($"cannot delete key {key} of field {field.Name}");
            }

            changed = changed with { TypeParams = changed.TypeParams.RemoveAll(p => p.Key == key) };
        }

        foreach (var (key, value) in set)
        {
            switch (key)
            {
                case "description" or "field.description":
                    changed = changed with { Description = value };
                    continue;
                case "mmap.enabled" or "warmup":
                    break;
                case "max_length" when field.Type == DataType.VarChar || field.ElementType == DataType.VarChar:
                    if (!Size(value, field.MaxLength, limits.VarCharLengthMax).TryGet(out var length, out var wrong))
                    {
                        return wrong with { Sentence = $"field {field.Name}: {wrong.Sentence}" };
                    }

                    changed = changed with { MaxLength = length };
                    break;
                case "max_capacity" when field.Type == DataType.Array:
                    if (!Size(value, 1, limits.ArrayCapacityMax).TryGet(out var capacity, out var bad))
                    {
                        return bad with { Sentence = $"field {field.Name}: {bad.Sentence}" };
                    }

                    changed = changed with { MaxCapacity = capacity };
                    break;
                default:
                    return Failure.Invalid($"{key} does not allow update in collection field param (field {field.Name})");
            }

            changed = changed with { TypeParams = With(changed.TypeParams, key, value) };
        }

        return changed;
    }

    private static Result<int> Size(string value, int least, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : Failure.Invalid($"expected a whole number from {least} to {most}, got {value}");

    private static ImmutableArray<KeyValuePair<string, string>> With(ImmutableArray<KeyValuePair<string, string>> all, string key, string value)
    {
        for (var i = 0; i < all.Length; i++)
        {
            if (all[i].Key == key)
            {
                return all.SetItem(i, new(key, value));
            }
        }

        return all.Add(new(key, value));
    }
}
