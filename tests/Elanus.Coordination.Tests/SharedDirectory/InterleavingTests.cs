using Elanus.Coordination.Tests.Conformance;

namespace Elanus.Coordination.Tests.SharedDirectory;

/// <summary>
/// Processes that change and confirm, one step on the file server at a time in an order drawn from a seed, some of them asleep for long, the server losing its
/// power now and then. What must hold: no version is replaced twice, and no version is confirmed to who asks after it was known to be replaced.
/// </summary>
public sealed class InterleavingTests
{
    private const string Root = "/share";
    private const string Role = "r";
    private const int Processes = 4;
    private const int Attempts = 12;

    [Theory]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(4, true)]
    public void No_number_is_won_twice_in_any_order(int kept, bool losesPower)
    {
        var done = 0;
        for (var seed = 1ul; seed <= 40; seed++)
        {
            done += new World(seed, kept, losesPower).Run();
        }

        // Enough of them got through for the check to mean something.
        Assert.True(done > 80, $"{done} attempts succeeded");
    }

    /// <summary>One seed: a single thread, and the order of steps.</summary>
    private sealed class World(ulong seed, int kept, bool losesPower) : SynchronizationContext
    {
        private readonly SeededRandom random = new(seed);
        private readonly Queue<(SendOrPostCallback Work, object? State)> ready = new();
        private readonly List<(int Process, TaskCompletionSource Step)> steps = [];
        private readonly FileServer server = new();
        private readonly HashSet<long> replaced = [];
        private int asleep = -1;
        private int done;

        public override void Post(SendOrPostCallback d, object? state) => ready.Enqueue((d, state));

        public int Run()
        {
            var before = Current;
            SetSynchronizationContext(this);
            try
            {
                Assert.True(server.Disk.CreateDirectoryAsync(Root, default).AsTask().IsCompletedSuccessfully);
                Assert.True(server.Disk.SyncDirectoryAsync("/", default).AsTask().IsCompletedSuccessfully);
                var running = Task.WhenAll(Enumerable.Range(0, Processes).Select(Process));
                while (!running.IsCompleted)
                {
                    if (ready.TryDequeue(out var next))
                    {
                        next.Work(next.State);
                    }
                    else
                    {
                        Step();
                    }
                }

                running.GetAwaiter().GetResult();
                return done;
            }
            finally
            {
                SetSynchronizationContext(before);
            }
        }

        /// <summary>Lets one process take one step. Now and then one falls asleep, or wakes, or the power fails.</summary>
        private void Step()
        {
            Assert.NotEmpty(steps);
            if (random.NextUInt64() % 60 == 0)
            {
                asleep = (int)(random.NextUInt64() % (Processes + 1)) - 1;
            }

            if (losesPower && random.NextUInt64() % 300 == 0)
            {
                server.LosePower(random);
            }

            var awake = steps.Where(step => step.Process != asleep).ToList();
            var chosen = awake.Count > 0 ? awake[(int)(random.NextUInt64() % (ulong)awake.Count)] : steps[0];
            steps.Remove(chosen);
            chosen.Step.SetResult();
        }

        private async Task Process(int who)
        {
            var files = server.Mount((_, _) =>
            {
                var step = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                steps.Add((who, step));
                return step.Task;
            });
            var arbiter = new SharedDirectoryArbiter(files, Root, new() { KeptEntries = kept }, TimeProvider.System, new SeededRandom(seed * 100 + (ulong)who));
            for (var i = 0; i < Attempts; i++)
            {
                var known = replaced.ToHashSet();
                var read = await arbiter.ReadAsync(Role, default);
                if (!read.Succeeded)
                {
                    Assert.Equal(FailureCode.Unavailable, read.Failure.Code);
                    continue;
                }

                var version = read.Value?.Version ?? RecordVersion.None;
                Assert.False(known.Contains(version.Number), $"seed {seed}: version {version.Number} was read after it was known to be replaced");
                if (random.NextUInt64() % 3 == 0)
                {
                    await Change(arbiter, version, who);
                }
                else if (version != RecordVersion.None)
                {
                    await Confirm(arbiter, version);
                }
            }
        }

        private async Task Change(SharedDirectoryArbiter arbiter, RecordVersion version, int who)
        {
            var nonce = Roles.Nonce();
            var outcome = await arbiter.ChangeAsync(Role, version, Roles.Held(1, (ulong)who + 1), nonce, default);
            if (outcome == ChangeOutcome.Unknown)
            {
                // Settled by reading: what is read is durable, so it counts as done.
                var settled = await arbiter.ReadAsync(Role, default);
                outcome = settled.Succeeded && settled.Value?.Nonce == nonce ? ChangeOutcome.Done : outcome;
            }

            if (outcome == ChangeOutcome.Done)
            {
                done++;
                Assert.True(replaced.Add(version.Number), $"seed {seed}: version {version.Number} was replaced twice");
            }
        }

        private async Task Confirm(SharedDirectoryArbiter arbiter, RecordVersion version)
        {
            var late = replaced.Contains(version.Number);
            if (await arbiter.ConfirmAsync(Role, version, Roles.Nonce(), default) == ChangeOutcome.Done)
            {
                done++;
                Assert.False(late, $"seed {seed}: version {version.Number} was confirmed after it was known to be replaced");
            }
        }
    }
}
