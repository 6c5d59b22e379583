// Speed of exact and graph search, as multiples of a plain loop, in queries a second of the thread's processor time.
// Usage: dotnet run -c Release --project bench/Elanus.Vectors.Bench [rows] [dimension]
using System.Globalization;
using Elanus.Primitives;
using Elanus.Vectors;
using Elanus.Vectors.Bench;

var count = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 50_000;
var dimension = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 128;
const int K = 10;
const int Queries = 1000;
using var rows = new Samples(dimension, count, 1000, seed: 1);
using var queries = new Samples(dimension, Queries, 1000, seed: 2);
var plain = ThreadClock.Rate(i => PlainLoop.Search(rows, queries.Row(i % Queries), K));
Console.WriteLine($"{count} x {dimension}: plain loop {plain:F0} queries/s");
foreach (var metric in (MetricType[])[MetricType.L2, MetricType.Ip, MetricType.Cosine])
{
    var space = VectorSpace.Create(DataType.FloatVector, dimension, metric).Value;
    var block = rows.Block;
    var request = new SearchRequest { K = K };
    Report($"flat {metric.Name()}", ThreadClock.Rate(i => FlatSearch.Search(space, [block], queries.Row(i % Queries), request, default)));
    Report($"flat {metric.Name()}, 64 a batch", 64 * ThreadClock.Rate(i => FlatSearch.Search(space, [block], queries.Rows(i * 64 % (Queries - 64), 64), request, default)));
    var some = new Bitset(count);
    for (var row = 0; row < count; row += 100)
    {
        some[row] = true;
    }

    Report($"flat {metric.Name()}, 1 % allowed", ThreadClock.Rate(i => FlatSearch.Search(space, [block], queries.Row(i % Queries), request with { Allowed = some }, default)));
}

void Report(string what, double rate) => Console.WriteLine($"{what}: {rate:F0} queries/s, {rate / plain:F1} x");
