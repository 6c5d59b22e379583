namespace Elanus.Primitives;

/// <summary>What an existing file is opened for.</summary>
public enum FileIntent
{
    Read,
    ReadWrite,
}
