using System.Globalization;
using System.Text.Json;

namespace Elanus.Milvus.Rest;

/// <summary>Single scalar values. As in Milvus, numbers and truth values may stand in quotes, and a text may stand without.</summary>
internal static class JsonScalars
{
    public static bool? Truth(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String when bool.TryParse(value.GetString(), out var truth) => truth,
        _ => null,
    };

    /// <summary>A whole number within the range of an integer type, or null.</summary>
    public static long? Integer(DataType type, JsonElement value)
    {
        long number = 0;
        var isWhole = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetInt64(out number),
            JsonValueKind.String => long.TryParse(value.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        if (!isWhole)
        {
            return null;
        }

        var fits = type switch
        {
            DataType.Int8 => number is >= sbyte.MinValue and <= sbyte.MaxValue,
            DataType.Int16 => number is >= short.MinValue and <= short.MaxValue,
            DataType.Int32 => number is >= int.MinValue and <= int.MaxValue,
            _ => true,
        };
        return fits ? number : null;
    }

    /// <summary>A finite number within the range of a floating type, or null.</summary>
    public static double? Floating(DataType type, JsonElement value)
    {
        double number = 0;
        var isNumber = value.ValueKind switch
        {
            JsonValueKind.Number => value.TryGetDouble(out number),
            JsonValueKind.String => double.TryParse(value.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out number),
            _ => false,
        };
        return isNumber && (type == DataType.Float ? float.IsFinite((float)number) : double.IsFinite(number)) ? number : null;
    }

    public static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => null,
    };
}
