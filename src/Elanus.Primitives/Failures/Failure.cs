using System.Collections.Immutable;

namespace Elanus.Primitives;

/// <summary>
/// An expected failure, as a value: what kind, which thing is at fault, and a sentence. Details are rendered in
/// brackets behind the kind's phrase (<c>collection not found[database=default][collection=x]</c>), the sentence in front
/// of it (<c>the sentence: invalid parameter</c>), as Milvus words its messages.
/// </summary>
public sealed record Failure(FailureCode Code, string Sentence, ImmutableArray<KeyValuePair<string, string>> Details)
{
    public Failure(FailureCode code, string sentence)
        : this(code, sentence, [])
    {
    }

    public static Failure Of(FailureCode code, params ReadOnlySpan<(string Key, string Value)> details)
    {
        var builder = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>(details.Length);
        foreach (var (key, value) in details)
        {
            builder.Add(new(key, value));
        }

        return new(code, "", builder.MoveToImmutable());
    }

    public static Failure Invalid(string sentence) => new(FailureCode.InvalidParameter, sentence);

    public static Failure Unimplemented(string what) => new(FailureCode.Unimplemented, what);

    public static Failure CollectionNotFound(string database, string collection) =>
        Of(FailureCode.CollectionNotFound, ("database", database), ("collection", collection));

    public static Failure PartitionNotFound(string partition) => Of(FailureCode.PartitionNotFound, ("partition", partition));

    public static Failure DatabaseNotFound(string database) => Of(FailureCode.DatabaseNotFound, ("database", database));

    public static Failure FieldNotFound(string field) => Of(FailureCode.FieldNotFound, ("field", field));

    /// <summary>Sentence and details without the kind's phrase; for logs. Clients get the phrase too.</summary>
    public override string ToString() =>
        $"{Code}{string.Concat(Details.Select(d => $"[{d.Key}={d.Value}]"))}{(Sentence.Length > 0 ? ": " + Sentence : "")}";
}
