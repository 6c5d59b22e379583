namespace Elanus.Vectors;

/// <summary>
/// The compiled entry points for one space on one instruction set. Both compare a prepared query with many rows a call and write one key each:
/// either count rows that lie one after another, or the rows whose numbers are given.
/// </summary>
internal readonly unsafe struct RowKernel(
    delegate*<in Probe, byte*, int, float*, void> run,
    delegate*<in Probe, byte*, int*, int, float*, void> gather)
{
    private readonly delegate*<in Probe, byte*, int, float*, void> run = run;
    private readonly delegate*<in Probe, byte*, int*, int, float*, void> gather = gather;

    public void Run(in Probe query, byte* rows, int count, float* keys) => run(query, rows, count, keys);

    public void Gather(in Probe query, byte* rows, int* numbers, int count, float* keys) => gather(query, rows, numbers, count, keys);
}
