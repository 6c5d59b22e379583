using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Expressions.Tests;

/// <summary>Random rows and random expressions over <see cref="TestSchema"/> whose meaning the oracle knows.</summary>
internal static class Generators
{
    private static readonly Gen<long> Integers = Gen.OneOf(
        Gen.Choose(-5, 10).Select(i => (long)i),
        Gen.Choose(-5, 10).Select(i => (long)i),
        Gen.Elements(long.MaxValue, long.MinValue, long.MaxValue - 1, 1L << 53, (1L << 53) + 1, 127, -128, 128, 70000, int.MaxValue));

    private static readonly Gen<double> Floatings = Gen.OneOf(
        Gen.Choose(-10, 20).Select(i => i / 2.0),
        Gen.Elements(0.1, -0.1, 1e10, 9007199254740992.0, 9223372036854775808.0, -9223372036854775808.0, 1.5e300, 0.30000000000000004));

    private static readonly Gen<string> Texts = Gen.Elements("", "a", "b", "ab", "abc", "ba", "a%b", "a_b", "中", "中a", "é", "\\", "\"q\"", "x\ny", "😀", "😀a");

    private static readonly Gen<string> Patterns = Gen.Elements("%", "_", "a%", "%b", "%a%", "a_", "_b", "a%b", "%%", "", "ab", "a\\%b", "a\\_b", "_%_", "中%", "%中%a", "__", "\\\\", "%\"%", "a\\");

    private static readonly Gen<string> Comparisons = Gen.Elements("==", "!=", "<", "<=", ">", ">=");

    private static readonly string[] IntegerFields = ["id", "i8", "i16", "i32", "a", "n"];

    private static readonly string[] NumberFields = [.. IntegerFields, "f", "d"];

    public static Gen<TestRows> Rows(int count) => Row.ListOf(count).Select(rows => new TestRows([.. rows]));

    /// <summary>Up to a number of values.</summary>
    private static Gen<T[]> Some<T>(Gen<T> gen, int most) => Gen.Choose(0, most).SelectMany(n => gen.ArrayOf(n));

    private static Gen<Dictionary<string, object?>> Row { get; } =
        from names in Gen.Constant(TestSchema.WithDynamic.Fields.Where(f => !f.Type.IsVector() && f.Type is not (DataType.Geometry or DataType.Timestamptz)).ToList())
        from values in Gen.CollectToArray(names, ValueOf)
        select names.Zip(values).ToDictionary(p => p.First.Name, p => p.Second);

    private static Gen<object?> ValueOf(FieldSchema field)
    {
        var value = field.Type switch
        {
            DataType.Array => Some(Element(field.ElementType), 4).Select(l => (object?)l),
            DataType.Json => Json(2).Select(j => (object?)j),
            _ => Element(field.Type).Select(e => (object?)e),
        };
        return field.Nullable ? Gen.Frequency((3, value), (1, Gen.Constant((object?)null))) : value;
    }

    private static Gen<object> Element(DataType type) => type switch
    {
        DataType.Bool => Gen.Elements(true, false).Select(b => (object)b),
        DataType.Int8 => Integers.Select(i => (object)(long)(sbyte)i),
        DataType.Int16 => Integers.Select(i => (object)(long)(short)i),
        DataType.Int32 => Integers.Select(i => (object)(long)(int)i),
        DataType.Int64 => Integers.Select(i => (object)i),
        DataType.Float => Floatings.Where(d => Math.Abs(d) < 1e38).Select(d => (object)d),
        DataType.Double => Floatings.Select(d => (object)d),
        _ => Texts.Select(t => (object)t),
    };

    private static Gen<string> Json(int depth)
    {
        var leaf = Gen.OneOf(
            Integers.Select(i => new TestConstant(i).Render()),
            Floatings.Select(d => new TestConstant(d).Render()),
            Texts.Select(t => System.Text.Json.JsonSerializer.Serialize(t)),
            Gen.Elements("true", "false", "null"));
        if (depth < 0)
        {
            return leaf;
        }

        var inner = Gen.Frequency((2, leaf), (1, Gen.Constant(depth).SelectMany(d => Json(d - 1))));
        var entries = Gen.Elements("x", "y", "z", "0").SelectMany(k => inner.Select(v => (k, v))); var list = Some(entries, 4).Select(l => l.DistinctBy(e => e.k));
        return Gen.Frequency(
            (4, list.Select(e => $"{{{string.Join(", ", e.Select(x => $"\"{x.k}\": {x.v}"))}}}")),
            (2, Some(inner, 4).Select(l => $"[{string.Join(",", l)}]")),
            (depth == 2 ? 0 : 1, leaf));
    }

    private static Gen<TestJson> JsonPath { get; } =
        from dynamic in Gen.Elements(true, false)
        from bare in Gen.Elements(true, false)
        from path in Some(Gen.OneOf(Gen.Elements("x", "y", "z").Select(k => (object)k), Gen.Choose(0, 2).Select(i => (object)i)), 2)
        from first in Gen.Elements("x", "y", "z")
        select dynamic && bare
            ? new TestJson(TestSchema.WithDynamic.DynamicField!, [first, .. path], true)
            : new TestJson(dynamic ? TestSchema.WithDynamic.DynamicField! : Field("meta"), path.Length == 0 ? [first] : path, false);

    private static FieldSchema Field(string name) => TestSchema.WithDynamic.Find(name)!;

    private static Gen<TestField> FieldOf(params string[] names) => Gen.Elements(names).Select(n => new TestField(Field(n)));

    private static Gen<TestConstant> Number { get; } = Gen.OneOf(Integers.Select(i => new TestConstant(i)), Floatings.Select(d => new TestConstant(d)));

    private static Gen<TestConstant> Text { get; } = Texts.Select(t => new TestConstant(t));

    private static Gen<TestConstant> Bool { get; } = Gen.Elements(true, false).Select(b => new TestConstant(b));

    private static Gen<TestValue> NumericValue { get; } = Gen.OneOf(
        FieldOf(NumberFields).Select(f => (TestValue)f),
        Gen.Elements("ints", "shorts", "floats", "doubles").SelectMany(n => Gen.Choose(0, 2).Select(i => (TestValue)new TestElement(Field(n), i))),
        Gen.Elements("ints", "texts").Select(n => (TestValue)new TestLength(new TestField(Field(n)))),
        JsonPath.Select(j => (TestValue)new TestLength(j)));

    private static Gen<TestValue> Computed { get; } =
        from left in Gen.OneOf(NumericValue, JsonPath.Select(j => (TestValue)j))
        from @operator in Gen.Elements("+", "-", "*")
        from right in Gen.OneOf(NumericValue, Number.Select(n => (TestValue)n))
        from swap in Gen.Elements(true, false)
        select (TestValue)(swap ? new TestArithmetic(right, @operator, left) : new TestArithmetic(left, @operator, right));

    private static Gen<TestValue> Divided { get; } =
        from left in FieldOf(IntegerFields)
        from @operator in Gen.Elements("/", "%")
        from right in Gen.OneOf(FieldOf(IntegerFields).Select(f => (TestValue)f), Gen.Elements(1L, -1L, 3L, -2L).Select(i => (TestValue)new TestConstant(i)))
        select (TestValue)new TestArithmetic(left, @operator, right);

    private static Gen<TestValue> TextValue { get; } = Gen.OneOf(
        FieldOf("s", "t", "k").Select(f => (TestValue)f),
        Gen.Choose(0, 2).Select(i => (TestValue)new TestElement(Field("texts"), i)),
        JsonPath.Select(j => (TestValue)j));

    private static Gen<TestExpression> Comparison(Gen<TestValue> values, Gen<TestConstant> constants) =>
        from value in values
        from @operator in Comparisons
        from constant in constants
        from swap in Gen.Elements(true, false)
        select (TestExpression)(swap ? new Compared(constant, @operator, value) : new Compared(value, @operator, constant));

    private static Gen<TestExpression> List(Gen<TestValue> values, Gen<TestConstant> constants, int most = 5) =>
        from value in values
        from negated in Gen.Elements(true, false)
        from list in Some(constants, most)
        select (TestExpression)new Listed(value, negated, list);

    private static Gen<TestExpression> Range(Gen<TestValue> values, Gen<TestConstant> constants) =>
        from value in values
        from bounds in constants.Two()
        from flags in Gen.Elements(true, false).Three()
        let order = Compared.Compare(bounds.Item1.Value, "<=", bounds.Item2.Value) == true
        let low = order ? bounds.Item1 : bounds.Item2
        let high = order ? bounds.Item2 : bounds.Item1
        let equal = Compared.Compare(low.Value, "==", high.Value) == true
        select (TestExpression)new Ranged(low, flags.Item1 || equal, value, flags.Item2 || equal, high, flags.Item3);

    private static Gen<TestValue> Rangeable { get; } = Gen.OneOf(
        FieldOf(NumberFields).Select(f => (TestValue)f),
        JsonPath.Select(j => (TestValue)j),
        Gen.Elements("ints", "floats").SelectMany(n => Gen.Choose(0, 2).Select(i => (TestValue)new TestElement(Field(n), i))));

    private static Gen<TestExpression> Containment { get; } =
        from json in Gen.Elements(true, false)
        from path in JsonPath
        from name in Gen.Elements("ints", "shorts", "texts", "floats", "doubles", "bools")
        from function in Gen.Elements("json_contains", "array_contains", "JSON_CONTAINS_ALL", "array_contains_all", "json_contains_any", "ARRAY_CONTAINS_ANY")
        from elements in Some(json ? Gen.OneOf(Number, Text, Bool, Number.Two().Select(p => new TestConstant(new[] { p.Item1.Value, p.Item2.Value })))
            : name switch { "texts" => Text, "bools" => Bool, _ => Number }, 3)
        select (TestExpression)new Containing(function, json ? path : new TestField(Field(name)), elements.Length == 0 ? [new TestConstant(name switch { "texts" => "a", "bools" => true, _ => 1L })] : elements);

    private static Gen<TestExpression> WholeArray { get; } =
        from name in Gen.Elements("ints", "texts", "floats", "bools")
        from @operator in Gen.Elements("==", "!=")
        from elements in Some(name switch { "texts" => Text, "bools" => Bool, _ => Number }, 2)
        select (TestExpression)new Compared(new TestField(Field(name)), @operator, new TestConstant(elements
            .Select(e => name == "floats" ? (double)(float)Math.Min(Convert.ToDouble(e.Value, null), 1e30) : e.Value).ToArray()));

    private static Gen<TestExpression> Leaf { get; } = Gen.OneOf(
        Comparison(NumericValue, Number),
        Comparison(FieldOf(NumberFields).Select(f => (TestValue)f), Number),
        Comparison(Computed, Number),
        Comparison(Divided, Number),
        Comparison(TextValue, Text),
        Comparison(JsonPath.Select(j => (TestValue)j), Gen.OneOf(Number, Text, Bool)),
        Comparison(FieldOf("flag", "flag2").Select(f => (TestValue)f), Bool),
        Comparison(Gen.Choose(0, 1).Select(i => (TestValue)new TestElement(Field("bools"), i)), Bool),
        from left in FieldOf(NumberFields) from op in Comparisons from right in NumericValue select (TestExpression)new Compared(left, op, right),
        from left in FieldOf("s", "t", "k") from op in Comparisons from right in FieldOf("s", "t", "k") select (TestExpression)new Compared(left, op, right),
        from left in FieldOf("flag", "flag2") from op in Comparisons from right in FieldOf("flag", "flag2") select (TestExpression)new Compared(left, op, right),
        List(NumericValue, Number),
        List(FieldOf(IntegerFields).Select(f => (TestValue)f), Number, most: 40),
        List(TextValue, Text),
        List(JsonPath.Select(j => (TestValue)j), Gen.OneOf(Number, Text, Bool)),
        List(FieldOf("flag", "flag2").Select(f => (TestValue)f), Bool),
        Range(Rangeable, Number),
        Range(FieldOf("s", "t").Select(f => (TestValue)f), Text),
        from value in TextValue from pattern in Patterns select (TestExpression)new Liked(value, pattern),
        from value in Gen.OneOf(FieldOf("n", "t", "a", "meta", "ints", "flag2", "ts").Select(f => (TestValue)f), JsonPath.Select(j => (TestValue)j), Gen.Constant((TestValue)new TestElement(Field("ints"), 1)))
        from negated in Gen.Elements(true, false)
        select (TestExpression)new NullTested(value, negated),
        JsonPath.Select(j => (TestExpression)new Existing(j)),
        Containment,
        WholeArray);

    public static Gen<TestExpression> Expression(int depth) => depth == 0
        ? Leaf
        : Gen.Frequency(
            (2, Leaf),
            (1, Expression(depth - 1).SelectMany(e => Gen.Elements(true, false).Select(s => (TestExpression)new Negated(e, s)))),
            (2, from parts in Expression(depth - 1).ListOf(3) from isAnd in Gen.Elements(true, false) from symbols in Gen.Elements(true, false) select (TestExpression)new Joined(isAnd, [.. parts], symbols)),
            (2, from parts in Expression(depth - 1).ListOf(2) from isAnd in Gen.Elements(true, false) from symbols in Gen.Elements(true, false) select (TestExpression)new Joined(isAnd, [.. parts], symbols)));
}
