using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

/// <summary>A value of the oracle: long, double, bool, string, object[], or null where there is none.</summary>
internal abstract record TestValue
{
    /// <summary>Computed in single precision.</summary>
    public virtual bool IsSingle => false;

    public abstract string Render();

    public abstract object? Get(TestRows rows, int row);
}

internal sealed record TestConstant(object Value) : TestValue
{
    public override string Render() => Value switch
    {
        bool b => b ? "true" : "False",
        long l => l.ToString(CultureInfo.InvariantCulture),
        double d => Floating(d),
        string s => Quote(s),
        object[] list => $"[{string.Join(", ", list.Select(e => new TestConstant(e).Render()))}]",
        _ => throw new InvalidOperationException(),
    };

    public static string Quote(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    public override object? Get(TestRows rows, int row) => Value;

    private static string Floating(double value)
    {
        var text = value.ToString("R", CultureInfo.InvariantCulture);
        return text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0";
    }
}

internal sealed record TestField(FieldSchema Field) : TestValue
{
    public override bool IsSingle => (Field.Type == DataType.Array ? Field.ElementType : Field.Type) == DataType.Float;

    public override string Render() => Field.Name;

    public override object? Get(TestRows rows, int row) => rows.Value(row, Field) switch
    {
        object[] array => array.Select(e => Single(e, Field.ElementType)).ToArray(),
        string when Field.Type == DataType.Json => rows.Document(row, Field),
        var value => Single(value, Field.Type),
    };

    public static object? Single(object? value, DataType type) => value is double d && type == DataType.Float ? (double)(float)d : value;
}

internal sealed record TestElement(FieldSchema Field, int Index) : TestValue
{
    public override bool IsSingle => Field.ElementType == DataType.Float;

    public override string Render() => $"{Field.Name}[{Index}]";

    public override object? Get(TestRows rows, int row) =>
        rows.Value(row, Field) is object[] array && Index < array.Length ? TestField.Single(array[Index], Field.ElementType) : null;
}

internal sealed record TestLength(TestValue Container) : TestValue
{
    public override string Render() => $"array_length({Container.Render()})";

    public override object? Get(TestRows rows, int row) => Container.Get(rows, row) is object?[] array ? (long)array.Length : null;
}

/// <summary>A JSON path; Path holds string keys and int indexes.</summary>
internal sealed record TestJson(FieldSchema Field, object[] Path, bool Bare) : TestValue
{
    public override string Render()
    {
        var steps = Path.Skip(Bare ? 1 : 0).Select(p => p is int i ? $"[{i}]" : $"[\"{p}\"]");
        return (Bare ? (string)Path[0] : Field.Name) + string.Concat(steps);
    }

    public override object? Get(TestRows rows, int row) => Find(rows, row) is { } element ? Convert(element) : null;

    public bool Exists(TestRows rows, int row) => Find(rows, row) is { } element && HasContent(element);

    private static bool HasContent(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Any(p => HasContent(p.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasContent),
        JsonValueKind.Null => false,
        _ => true,
    };

    private static object? Convert(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.TryGetInt64(out var integer) ? (object)integer : element.GetDouble(),
        JsonValueKind.String => element.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.Array => element.EnumerateArray().Select(Convert).ToArray(),
        JsonValueKind.Null => null,
        _ => new JsonOther(),
    };

    private JsonElement? Find(TestRows rows, int row)
    {
        if (rows.Document(row, Field) is not { } element)
        {
            return null;
        }

        foreach (var step in Path)
        {
            if (element.ValueKind == JsonValueKind.Object && element.TryGetProperty(step.ToString()!, out var child))
            {
                element = child;
            }
            else if (element.ValueKind == JsonValueKind.Array && step is int index && index < element.GetArrayLength())
            {
                element = element[index];
            }
            else
            {
                return null;
            }
        }

        return element;
    }
}

/// <summary>Arithmetic, with the rules the plan documents: integers stay integers, no result on overflow or division by zero.</summary>
internal sealed record TestArithmetic(TestValue Left, string Operator, TestValue Right) : TestValue
{
    public override bool IsSingle => Operands.Any(o => o.IsSingle) && Operands.All(o => o.IsSingle || o is TestConstant);

    private TestValue[] Operands => [Left, Right];

    public override string Render() => $"({Left.Render()} {Operator} {Right.Render()})";

    public override object? Get(TestRows rows, int row)
    {
        var left = Compared.Rounded(Left, IsSingle, rows, row);
        var right = Compared.Rounded(Right, IsSingle, rows, row);
        if (left is not (long or double) || right is not (long or double))
        {
            return null;
        }

        if (left is long a && right is long b)
        {
            if (Operator is "/" or "%" && b == 0)
            {
                return null;
            }

            var exact = Operator switch
            {
                "+" => (BigInteger)a + b,
                "-" => (BigInteger)a - b,
                "*" => (BigInteger)a * b,
                "/" => BigInteger.Divide(a, b),
                _ => BigInteger.Remainder(a, b),
            };
            return exact >= long.MinValue && exact <= long.MaxValue ? (long)exact : null;
        }

        var (x, y) = (Convert.ToDouble(left, CultureInfo.InvariantCulture), Convert.ToDouble(right, CultureInfo.InvariantCulture));
        var result = Operator switch { "+" => x + y, "-" => x - y, "*" => x * y, "/" => x / y, _ => x % y };
        return IsSingle ? (double)(float)result : result;
    }
}
