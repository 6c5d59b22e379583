namespace Elanus.Replication.Tests;

/// <summary>Random schedules of the whole protocol: no seed may break an invariant, and switched-off rules must be found out.</summary>
public sealed class ExplorationTests
{
    private const int Seeds = 300;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void No_schedule_in_which_logs_are_cut_at_the_front_breaks_an_invariant(int nodes)
    {
        var copies = 0;
        for (var seed = 1ul; seed <= Seeds; seed++)
        {
            try
            {
                copies += RandomRun.Of(seed, nodes, truncates: true).Copies;
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"seed {seed}, {nodes} nodes, truncating: {broken.Message}", broken);
            }
        }

        Assert.True(copies > Seeds / 2, $"only {copies} copies were made: the runs prove little");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void No_schedule_breaks_an_invariant_and_quiet_brings_a_whole_set(int nodes)
    {
        var acknowledged = 0;
        var reads = 0;
        for (var seed = 1ul; seed <= Seeds; seed++)
        {
            try
            {
                var world = RandomRun.Of(seed, nodes);
                acknowledged += world.Acknowledged;
                reads += world.ReadsAnswered;
            }
            catch (Exception broken)
            {
                throw new InvalidOperationException($"seed {seed}, {nodes} nodes: {broken.Message}", broken);
            }
        }

        Assert.True(acknowledged > Seeds * 5, $"only {acknowledged} writes were acknowledged: the runs prove little");
        Assert.True(reads > Seeds, $"only {reads} Strong reads were answered: the runs prove little");
    }
}
