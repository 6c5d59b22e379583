namespace Elanus.Milvus.Rest;

/// <summary>Data types by the names of the protocol, case-sensitive.</summary>
internal static class DataTypeNames
{
    private const string Json = "JSON";

    public static string Of(DataType type) => type == DataType.Json ? Json : type.ToString();

    public static Result<DataType> Parse(string name, string field)
    {
        foreach (var type in Enum.GetValues<DataType>())
        {
            if (Of(type) == name)
            {
                return type;
            }
        }

        return Failure.Invalid($"data type {name} of field {field} is not known (names are case-sensitive)");
    }
}
