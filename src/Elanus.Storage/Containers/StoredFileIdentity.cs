namespace Elanus.Storage;

/// <summary>What a file's content belongs to, as its writer numbers it: a file under another's name is found out by it.</summary>
public readonly record struct StoredFileIdentity(ulong High, ulong Low)
{
    public override string ToString() => $"{High:x16}{Low:x16}";
}
