namespace Elanus.Primitives;

/// <summary>One scalar value of any scalar type: a default, a key, or a literal.</summary>
public readonly record struct FieldValue
{
    public DataType Type { get; init; }

    /// <summary>Bool (0 or 1), integers and timestamps.</summary>
    public long Integer { get; init; }

    /// <summary>Float and Double.</summary>
    public double Floating { get; init; }

    /// <summary>VarChar, and JSON as its UTF-8 text.</summary>
    public string? Text { get; init; }

    public static FieldValue Of(long value) => new() { Type = DataType.Int64, Integer = value };

    public static FieldValue Of(bool value) => new() { Type = DataType.Bool, Integer = value ? 1 : 0 };

    public static FieldValue Of(double value) => new() { Type = DataType.Double, Floating = value };

    public static FieldValue Of(string value) => new() { Type = DataType.VarChar, Text = value };
}
