namespace Elanus.Engine;

/// <summary>A record's payload is not what its kind says: bytes were damaged, or a writer broke the format. Nothing of it was applied.</summary>
public sealed class RecordCorruptException : Exception
{
    public RecordCorruptException(string what)
        : base($"corrupt record: {what}")
    {
    }

    public RecordCorruptException(string what, Exception inner)
        : base($"corrupt record: {what}", inner)
    {
    }
}
