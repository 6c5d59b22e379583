using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Elanus.Primitives;

namespace Elanus.Expressions.Tests;

/// <summary>
/// Rows of <see cref="TestSchema"/> as plain values by field name: long, double, bool, string (text and JSON), object[] (arrays), null. Fields that a row leaves out
/// get a default.
/// </summary>
internal sealed class TestRows : IRowBlock
{
    private readonly Dictionary<FieldId, ColumnBlock> columns = [];
    private readonly Dictionary<(int, FieldId), JsonElement> documents = [];

    public TestRows(IReadOnlyList<Dictionary<string, object?>> rows)
    {
        Values = rows;
        foreach (var field in TestSchema.WithDynamic.Fields)
        {
            if (field.Type.IsVector())
            {
                continue;
            }

            var builder = new ColumnBuilder(field, Math.Max(1, rows.Count));
            foreach (var row in rows)
            {
                Append(builder, field, row.TryGetValue(field.Name, out var value) ? value : Default(field));
            }

            columns[field.Id] = builder.Build();
        }
    }

    public IReadOnlyList<Dictionary<string, object?>> Values { get; }

    public int Rows => Values.Count;

    public ColumnBlock? Column(FieldId field) => columns.GetValueOrDefault(field);

    /// <summary>A row's JSON document, parsed once.</summary>
    public JsonElement? Document(int row, FieldSchema field)
    {
        if (Value(row, field) is not string json)
        {
            return null;
        }

        if (!documents.TryGetValue((row, field.Id), out var document))
        {
            documents[(row, field.Id)] = document = JsonDocument.Parse(json).RootElement;
        }

        return document;
    }

    /// <summary>What a row holds for a field, defaults included.</summary>
    public object? Value(int row, FieldSchema field) => Values[row].TryGetValue(field.Name, out var value) ? value : Default(field);

    private static object? Default(FieldSchema field) => field.Type switch
    {
        _ when field.Nullable => null,
        DataType.Bool => false,
        DataType.Float or DataType.Double => 0.0,
        DataType.VarChar or DataType.Geometry => "",
        DataType.Json => "{}",
        DataType.Array => Array.Empty<object>(),
        _ => 0L,
    };

    private static void Append(ColumnBuilder builder, FieldSchema field, object? value)
    {
        switch (value)
        {
            case null:
                builder.AppendNull();
                break;
            case string text:
                builder.AppendText(text);
                break;
            case object[] array:
                builder.Append(array.SelectMany(e => Encode(field.ElementType, e)).ToArray());
                break;
            default:
                builder.Append(Encode(field.Type, value));
                break;
        }
    }

    private static byte[] Encode(DataType type, object value)
    {
        switch (type)
        {
            case DataType.Bool: return [(byte)((bool)value ? 1 : 0)];
            case DataType.Int8: return [(byte)(sbyte)(long)value];
            case DataType.Int16: return BitConverter.GetBytes((short)(long)value);
            case DataType.Int32: return BitConverter.GetBytes((int)(long)value);
            case DataType.Float: return BitConverter.GetBytes((float)Convert.ToDouble(value, null));
            case DataType.Double: return BitConverter.GetBytes(Convert.ToDouble(value, null));
            case DataType.VarChar:
                var utf8 = Encoding.UTF8.GetBytes((string)value);
                var bytes = new byte[4 + utf8.Length];
                BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)utf8.Length);
                utf8.CopyTo(bytes, 4);
                return bytes;
            default: return BitConverter.GetBytes((long)value);
        }
    }
}
