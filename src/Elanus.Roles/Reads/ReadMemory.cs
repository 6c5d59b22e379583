using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>
/// What reads hold of memory: hits while they are found and fetched, and answers from then until they are sent. Two budgets, entered in this order, so that nobody who holds
/// what another waits for waits for that one. Estimates were measured, and err upwards.
/// </summary>
public sealed class ReadMemory(Limits limits)
{
    /// <summary>Of a hit: its place in a query's hits, and in those of all; row, score and key.</summary>
    private const int HitBytes = 64;

    /// <summary>Of a hit that is worked on beyond that: grouped, fused, or of an iterator.</summary>
    private const int WorkedHitBytes = 512;

    /// <summary>An answer's bytes lie in columns, in messages, and in the reply.</summary>
    private const int CopiesOfAnswer = 6;

    /// <summary>Beside the bytes of a value in an answer.</summary>
    private const int ValueBytes = 32;

    /// <summary>A hit has a score and at least the bytes of a number as its key.</summary>
    private const int ScoreBytes = sizeof(float);

    private const int KeyBytesMin = sizeof(long);

    public ReadBudget Finding { get; } = new(limits.ReadBytesMax / 3);

    public ReadBudget Answers { get; } = new(limits.ReadBytesMax - (limits.ReadBytesMax / 3));

    /// <summary>Hits of which an answer may have no more, whatever they are.</summary>
    public int HitsMax => Math.Max(1, limits.OutputBytesMax / (ScoreBytes + KeyBytesMin));

    /// <summary>Rows of which a query's answer may have no more, whatever they are.</summary>
    public int RowsMax => Math.Max(1, limits.OutputBytesMax / KeyBytesMin);

    public Failure HitsTooLarge => TooLarge("search");

    public Failure RowsTooLarge => TooLarge("query");

    /// <summary>Holds what finding hits takes.</summary>
    /// <param name="hits">At most so many are found.</param>
    /// <param name="worked">They are grouped, fused, or an iterator's.</param>
    /// <param name="cancel">Ends the wait.</param>
    internal ValueTask<Result<IDisposable?>> Find(long hits, bool worked, CancellationToken cancel) =>
        Finding.Take((Math.Min(hits, HitsMax + CollectionView.HitsAtOnce) * (worked ? WorkedHitBytes : HitBytes)) + (Math.Min(hits, CollectionView.HitsAtOnce) * CollectionView.HitAtOnceBytes), cancel);

    /// <summary>Lets rows be fetched and sent, where they are not more than one answer may have: the hold has what they take.</summary>
    internal async ValueTask<Result<Unit>> Answer(CollectionView view, ReadOnlyMemory<RowReference> rows, IReadOnlyList<FieldId> fields, bool scored, AnswerHold hold, CancellationToken cancel)
    {
        var bytes = view.BytesOf(rows.Span, fields) + (scored ? rows.Length * ScoreBytes : 0L);
        if (bytes > limits.OutputBytesMax)
        {
            return scored ? HitsTooLarge : RowsTooLarge;
        }

        if (!(await Answers.Take((bytes * CopiesOfAnswer) + ((long)rows.Length * fields.Count * ValueBytes), cancel)).TryGet(out var share, out var failure))
        {
            return failure;
        }

        hold.Add(share);
        return Result.Ok;
    }

    private Failure TooLarge(string what) => new(FailureCode.Unexpected, $"{what} results exceed the maxOutputSize Limit {limits.OutputBytesMax}");
}
