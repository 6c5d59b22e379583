using System.Text;
using System.Text.Unicode;

namespace Elanus.Milvus.Wire;

/// <summary>Reads a FieldData.</summary>
internal static class FieldDataReader
{
    private const int ScalarsField = 3;
    private const int VectorsField = 4;
    private const int StructsField = 8;

    /// <summary>What is wrong with the message, or null and the column.</summary>
    public static string? Read(ReadOnlyMemory<byte> message, int depth, out RawFieldData? column)
    {
        column = null;
        if (depth > WireReader.DepthMax)
        {
            return "columns are nested too deeply";
        }

        var type = DataType.None;
        var name = "";
        long id = 0;
        var dynamic = false;
        var valid = new Run();
        ScalarsReader? scalars = null;
        VectorsReader? vectors = null;
        List<RawFieldData>? structs = null;
        string? fault = null;
        var reader = new WireReader(message);
        while (fault is null && reader.Next())
        {
            switch (reader.Field, reader.Type)
            {
                case (1, WireType.Varint):
                    type = (DataType)(int)reader.Varint();
                    break;
                case (2, WireType.Bytes):
                    fault = Text(reader.Bytes(), out name);
                    break;
                case (ScalarsField, WireType.Bytes):
                    (vectors, structs) = (null, null);
                    fault = (scalars ??= new(depth + 1)).Merge(reader.Bytes());
                    break;
                case (VectorsField, WireType.Bytes):
                    (scalars, structs) = (null, null);
                    fault = (vectors ??= new(depth + 1)).Merge(reader.Bytes());
                    break;
                case (5, WireType.Varint):
                    id = (long)reader.Varint();
                    break;
                case (6, WireType.Varint):
                    dynamic = reader.Varint() != 0;
                    break;
                case (7, WireType.Varint or WireType.Bytes):
                    valid.Add(reader.Element());
                    break;
                case (StructsField, WireType.Bytes):
                    (scalars, vectors) = (null, null);
                    fault = Members(reader.Bytes(), depth + 1, structs ??= []);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        RawScalars? builtScalars = null;
        RawVectors? builtVectors = null;
        ReadOnlyMemory<byte> validity = default;
        fault ??= reader.Fault
            ?? scalars?.Build(out builtScalars)
            ?? vectors?.Build(out builtVectors)
            ?? Varints.Decode(valid.Bytes, out validity);
        if (fault is not null)
        {
            return name.Length > 0 ? $"field {name}: {fault}" : fault;
        }

        column = new()
        {
            Type = type,
            Name = name,
            FieldId = new(id),
            IsDynamic = dynamic,
            ValidData = validity,
            Scalars = builtScalars,
            Vectors = builtVectors,
            Structs = structs,
        };
        return null;
    }

    private static string? Text(ReadOnlyMemory<byte> bytes, out string text)
    {
        var valid = Utf8.IsValid(bytes.Span);
        text = valid ? Encoding.UTF8.GetString(bytes.Span) : "";
        return valid ? null : "a field name is not UTF-8";
    }

    private static string? Members(ReadOnlyMemory<byte> message, int depth, List<RawFieldData> members)
    {
        var reader = new WireReader(message);
        while (reader.Next())
        {
            if (reader is not { Field: 1, Type: WireType.Bytes })
            {
                reader.Skip();
                continue;
            }

            if (Read(reader.Bytes(), depth + 1, out var member) is { } fault)
            {
                return fault;
            }

            members.Add(member!);
        }

        return reader.Fault;
    }
}
