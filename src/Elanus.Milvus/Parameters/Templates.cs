using System.Text.Json;
using System.Text.Unicode;
using Elanus.Expressions;
using Elanus.Milvus.Protocol.Schema;
using Google.Protobuf.Collections;

namespace Elanus.Milvus;

/// <summary>The typed values behind the <c>{names}</c> of an expression.</summary>
public static class Templates
{
    private const int DepthMax = 16;

    private static readonly IReadOnlyDictionary<string, Literal> None = new Dictionary<string, Literal>();

    public static Result<IReadOnlyDictionary<string, Literal>> Read(MapField<string, TemplateValue> values)
    {
        if (values.Count == 0)
        {
            return Result<IReadOnlyDictionary<string, Literal>>.Ok(None);
        }

        var read = new Dictionary<string, Literal>(values.Count, StringComparer.Ordinal);
        foreach (var (name, value) in values)
        {
            if (!Read(name, value).TryGet(out var literal, out var failure))
            {
                return failure;
            }

            read[name] = literal;
        }

        return read;
    }

    private static Result<Literal> Read(string name, TemplateValue value) => value.ValCase switch
    {
        TemplateValue.ValOneofCase.BoolVal => Literal.Of(value.BoolVal),
        TemplateValue.ValOneofCase.Int64Val => Literal.Of(value.Int64Val),
        TemplateValue.ValOneofCase.FloatVal => Literal.Of(value.FloatVal),
        TemplateValue.ValOneofCase.StringVal => Literal.Of(value.StringVal),
        TemplateValue.ValOneofCase.ArrayVal => List(name, value.ArrayVal, depth: 1),
        _ => Failure.Invalid($"the value of expression template variable name {{{name}}} is not found"),
    };

    private static Result<Literal> List(string name, TemplateArrayValue array, int depth)
    {
        if (depth > DepthMax)
        {
            return Failure.Invalid($"template {name} nests lists deeper than {DepthMax}");
        }

        return array.DataCase switch
        {
            TemplateArrayValue.DataOneofCase.BoolData => Literal.List(array.BoolData.Data, Literal.Of),
            TemplateArrayValue.DataOneofCase.LongData => Literal.List(array.LongData.Data, Literal.Of),
            TemplateArrayValue.DataOneofCase.DoubleData => Literal.List(array.DoubleData.Data, Literal.Of),
            TemplateArrayValue.DataOneofCase.StringData => Literal.List(array.StringData.Data, Literal.Of),
            TemplateArrayValue.DataOneofCase.ArrayData => All(array.ArrayData.Data, inner => List(name, inner, depth + 1)),
            TemplateArrayValue.DataOneofCase.JsonData => All(array.JsonData.Data, json => Document(name, json.Memory)),
            _ => Literal.List(),
        };
    }

    private static Result<Literal> Document(string name, ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
        {
            return Failure.Invalid($"template {name} holds a value that is not UTF-8");
        }

        try
        {
            using var document = WholeJson.Parse(json);
            return Element(name, document.RootElement);
        }
        catch (JsonException broken)
        {
            return Failure.Invalid($"template {name} holds a value that is not valid JSON: {broken.Message}");
        }
    }

    private static Result<Literal> Element(string name, JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => Literal.Of(element.GetBoolean()),
        JsonValueKind.Number => element.TryGetInt64(out var whole) ? Literal.Of(whole) : Literal.Of(element.GetDouble()),
        JsonValueKind.String => Literal.Of(element.GetString()!),
        JsonValueKind.Array => All(element.EnumerateArray(), inner => Element(name, inner)),
        _ => Failure.Invalid($"template {name} holds a JSON {element.ValueKind}, which no expression compares with"),
    };

    private static Result<Literal> All<T>(IEnumerable<T> values, Func<T, Result<Literal>> read)
    {
        var literals = new List<Literal>();
        foreach (var value in values)
        {
            if (!read(value).TryGet(out var literal, out var failure))
            {
                return failure;
            }

            literals.Add(literal);
        }

        return Literal.List([.. literals]);
    }
}
