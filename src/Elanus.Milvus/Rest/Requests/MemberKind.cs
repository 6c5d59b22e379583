namespace Elanus.Milvus.Rest;

/// <summary>What a member of a request body must be.</summary>
internal enum MemberKind
{
    Text,
    Whole,
    Truth,
    Texts,
    Object,
    Objects,
}
