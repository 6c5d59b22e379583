namespace Elanus.Storage;

/// <summary>What a stored file holds; a reader of one kind refuses the others.</summary>
public enum StoredFileKind
{
    /// <summary>The rows of one sealed segment, as columns.</summary>
    Columns = 1,

    /// <summary>An index over one segment's rows.</summary>
    Index = 2,

    /// <summary>A node's state at one position of its log.</summary>
    Checkpoint = 3,
}
