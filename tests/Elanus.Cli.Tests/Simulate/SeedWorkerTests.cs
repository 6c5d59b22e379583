using System.Text.Json;
using Elanus.Simulation;

namespace Elanus.Cli.Tests;

public sealed class SeedWorkerTests
{
    [Fact]
    public void A_worker_answers_each_seed_with_the_outcome_that_it_has_anywhere_until_its_input_ends()
    {
        using var answers = new StringWriter();
        SeedWorker.Serve(nodes: 1, new StringReader("7\n7\n"), answers, () => { });
        var lines = answers.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var outcomes = lines.Select(line => JsonSerializer.Deserialize<SeedWorker.Answer>(line)!.Outcome).ToList();
        Assert.Equal([SeedRun.Of(7), SeedRun.Of(7)], outcomes);
    }
}
