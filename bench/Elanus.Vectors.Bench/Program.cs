// Speed of exact and graph search, as multiples of a plain loop, in queries a second of the thread's processor time.
// Usage: dotnet run -c Release --project bench/Elanus.Vectors.Bench [rows] [dimension] [M] [efConstruction] [flat|graph]
using System.Globalization;
using Elanus.Primitives;
using Elanus.Vectors;
using Elanus.Vectors.Bench;

var count = Argument(0, 50_000);
var dimension = Argument(1, 128);
var parameters = HnswParameters.Create(Argument(2, 16), Argument(3, 200)).Value;
var what = args.Length > 4 ? args[4] : "";
const int K = 10;
const int Queries = 1000;
using var rows = new Samples(dimension, count, 1000, seed: 1);
using var queries = new Samples(dimension, Queries, 1000, seed: 2);
var block = rows.Block;
var plain = ThreadClock.Rate(i => PlainLoop.Search(rows, queries.Row(i % Queries), K));
Console.WriteLine($"{count} x {dimension}: plain loop {plain:F0} queries/s");
var request = new SearchRequest { K = K };
if (what != "graph")
{
    Flat(MetricType.L2);
    Flat(MetricType.Ip);
    Flat(MetricType.Cosine);
}

if (what != "flat")
{
    Graph(VectorSpace.Create(DataType.FloatVector, dimension, MetricType.L2).Value);
}

void Flat(MetricType metric)
{
    var space = VectorSpace.Create(DataType.FloatVector, dimension, metric).Value;
    Report($"flat {metric.Name()}", ThreadClock.Rate(i => FlatSearch.Search(space, [block], queries.Row(i % Queries), request, default)));
    Report(
        $"flat {metric.Name()}, 64 a batch",
        64 * ThreadClock.Rate(i => FlatSearch.Search(space, [block], queries.Rows(i * 64 % (Queries - 64), 64), request, default)));
    var some = request with { Allowed = EveryNth(100) };
    Report($"flat {metric.Name()}, 1 % allowed", ThreadClock.Rate(i => FlatSearch.Search(space, [block], queries.Row(i % Queries), some, default)));
}

void Graph(VectorSpace space)
{
    var from = ThreadClock.Seconds();
    using var graph = HnswGraph.Build(space, block, parameters, null, default);
    var plainScans = (ThreadClock.Seconds() - from) * plain;
    Console.WriteLine(
        $"graph M {parameters.M} efConstruction {parameters.EfConstruction}: built in {ThreadClock.Seconds() - from:F1} s of processor time "
        + $"({plainScans:F0} plain scans), {graph.Bytes / (double)count:F0} bytes a row");
    foreach (var ef in (int[])[32, 64, 128, 256])
    {
        Measure($"graph ef {ef}", request with { Ef = ef });
    }

    foreach (var n in (int[])[2, 10, 100])
    {
        Measure($"graph ef 64, one row in {n} allowed", request with { Ef = 64, Allowed = EveryNth(n) });
    }

    void Measure(string name, SearchRequest asked)
    {
        var exact = FlatSearch.Search(space, [block], queries.Rows(0, Queries), asked, default);
        var found = graph.Search(queries.Rows(0, Queries), asked, default);
        var same = exact.Zip(found, (e, f) => e.Intersect(f).Count()).Sum();
        var rate = ThreadClock.Rate(i => graph.Search(queries.Row(i % Queries), asked, default));
        Report($"{name}, recall {same / (double)exact.Sum(e => e.Length):F4}", rate);
    }
}

Bitset EveryNth(int n)
{
    var bits = new Bitset(count);
    for (var row = 0; row < count; row++)
    {
        bits[row] = (uint)(row * 2654435761) % (uint)n == 0;
    }

    return bits;
}

int Argument(int index, int otherwise) => args.Length > index ? int.Parse(args[index], CultureInfo.InvariantCulture) : otherwise;

void Report(string name, double rate) => Console.WriteLine($"{name}: {rate:F0} queries/s, {rate / plain:F1} x");
