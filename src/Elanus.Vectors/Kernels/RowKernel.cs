namespace Elanus.Vectors;

/// <summary>
/// The compiled entry points for one space on one instruction set. All compare a prepared query with many rows a call and write one key each:
/// either count rows that lie one after another, or the rows whose numbers are given.
/// </summary>
internal readonly unsafe struct RowKernel(
    delegate*<in Probe, byte*, int, float*, void> run,
    delegate*<in Probe, byte*, int*, int, float*, void> gather)
{
    /// <summary>Rows asked for from memory while as many before them are compared.</summary>
    private const int Ahead = 8;

    private readonly delegate*<in Probe, byte*, int, float*, void> run = run;
    private readonly delegate*<in Probe, byte*, int*, int, float*, void> gather = gather;

    public void Run(in Probe query, byte* rows, int count, float* keys) => run(query, rows, count, keys);

    /// <summary>For rows that are near, or were asked for before.</summary>
    public void Gather(in Probe query, byte* rows, int* numbers, int count, float* keys) => gather(query, rows, numbers, count, keys);

    /// <summary>For scattered rows that nobody has asked for yet.</summary>
    public void GatherFar(in Probe query, byte* rows, int* numbers, int count, float* keys)
    {
        Prefetch(query, rows, numbers, Math.Min(Ahead, count));
        for (var from = 0; from < count; from += Ahead)
        {
            var next = from + Ahead;
            if (next < count)
            {
                Prefetch(query, rows, numbers + next, Math.Min(Ahead, count - next));
            }

            gather(query, rows, numbers + from, Math.Min(Ahead, count - from), keys + from);
        }
    }

    private static void Prefetch(in Probe query, byte* rows, int* numbers, int count)
    {
        for (var i = 0; i < count; i++)
        {
            CacheLines.PrefetchRow(rows + numbers[i] * query.RowBytes, query.RowBytes);
        }
    }
}
