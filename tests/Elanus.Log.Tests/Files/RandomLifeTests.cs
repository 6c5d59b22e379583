using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>A log's life as a seed tells it: bursts of appends, a disk that fills, a front that moves, restarts, crashes in the middle of anything.</summary>
public sealed class RandomLifeTests
{
    [Fact]
    public async Task Whatever_happens_what_was_answered_is_there_and_what_was_refused_is_not()
    {
        var crashes = 0;
        var refusals = 0;
        for (var seed = 0ul; seed < 40; seed++)
        {
            var life = new Life(seed);
            await life.LiveAsync();
            crashes += life.Crashes;
            refusals += life.Refusals;
        }

        Assert.True(crashes > 100 && refusals > 50, $"{crashes} crashes and {refusals} refusals are too few to prove anything");
    }

    private sealed class Life(ulong seed)
    {
        private readonly SeededRandom random = new(seed);
        private readonly Dictionary<ulong, string> answered = [];
        private readonly HashSet<string> unanswered = [];
        private TappedFileSystem tapped = null!;
        private LogWorld world = null!;
        private FileLog log = null!;
        private int rows;

        public int Crashes { get; private set; }

        public int Refusals { get; private set; }

        public async Task LiveAsync()
        {
            await OnAsync(new MemoryFileSystem());
            for (var step = 0; step < 25; step++)
            {
                switch (random.NextUInt64() % 8)
                {
                    case 0:
                        await log.DisposeAsync();
                        await OnAsync(world.Files);
                        break;
                    case 1 or 2:
                        await CrashAsync();
                        break;
                    case 3:
                        await TruncateAsync();
                        break;
                    case 4:
                        world.Files.Faults.CapacityBytes = world.Files.UsedBytes + (long)(random.NextUInt64() % 9000);
                        await BurstAsync();
                        world.Files.Faults.CapacityBytes = long.MaxValue;
                        break;
                    default:
                        await BurstAsync();
                        break;
                }
            }

            await log.DisposeAsync();
        }

        private async Task OnAsync(MemoryFileSystem files)
        {
            tapped = new TappedFileSystem(files);
            world = new LogWorld { Files = files, Seen = tapped, Options = new() { SegmentBytes = 8192, MarkAfterIdleMs = 0, GroupBytesWhole = 1, GroupBytesBeside = seed % 2 == 0 ? 1 : 1 << 20 }, Random = random };
            if (seed % 2 == 0)
            {
                var order = new SeededRandom(random.NextUInt64());
                tapped.BeforeSync = async () =>
                {
                    for (var turns = order.NextUInt64() % 40; turns > 0; turns--)
                    {
                        await Task.Yield();
                    }
                };
            }

            log = await world.OpenAsync();
            var end = log.Found.End.Position.Number;
            Assert.All(answered.Keys, position => Assert.True(position <= end, $"seed {seed}: {position} was answered, {end} is the end"));
            foreach (var record in await RecordsAsync(log, log.Front.Number))
            {
                if (record.Kind == Row)
                {
                    var text = Encoding.UTF8.GetString(record.Payload.Span);
                    Assert.True(
                        answered.TryGetValue(record.Position.Number, out var expected) ? text == expected : unanswered.Contains(text),
                        $"seed {seed}: {text[..10]} stands at {record.Position}");
                    answered[record.Position.Number] = text;
                }
            }

            unanswered.Clear();
        }

        private async Task BurstAsync()
        {
            await Task.WhenAll(Enumerable.Range(0, (int)(random.NextUInt64() % 6)).Select(async _ =>
            {
                var row = $"row {rows++,5} " + new string('x', (int)(random.NextUInt64() % 3000));
                lock (answered)
                {
                    unanswered.Add(row);
                }

                var appended = await TryAppendAsync(log, Encoding.UTF8.GetBytes(row));
                lock (answered)
                {
                    Refusals += appended.Succeeded ? 0 : 1;
                    unanswered.Remove(row);
                    if (appended.Succeeded)
                    {
                        answered.Add(appended.Value.Position.Number, row);
                    }
                }
            }));
        }

        private async Task TruncateAsync()
        {
            var needed = log.Front.Number + random.NextUInt64() % (log.Committed.Number - log.Front.Number + 1);
            await log.TruncateFrontAsync(new(Channel, needed), CancellationToken.None);
            Assert.True(log.Front.Number <= needed);
        }

        /// <summary>Stops the machine at some change to the disk while things happen.</summary>
        private async Task CrashAsync()
        {
            Crashes++;
            MemoryFileSystem? image = null;
            Dictionary<ulong, string> before = [];
            List<string> under = [];
            var countdown = random.NextUInt64() % 6;
            var choices = new SeededRandom(random.NextUInt64());
            tapped.Changed = () =>
            {
                if (countdown-- == 0)
                {
                    lock (answered)
                    {
                        before = new(answered);
                        under = [.. unanswered];
                    }

                    image = world.Files.CrashImage(choices);
                }
            };
            await (random.NextUInt64() % 4 == 0 ? TruncateAsync() : BurstAsync());
            await log.DisposeAsync();
            if (image is not null)
            {
                // What was answered after that moment was not, in the world where the machine stopped.
                answered.Clear();
                foreach (var (position, row) in before)
                {
                    answered.Add(position, row);
                }

                unanswered.UnionWith(under);
            }

            await OnAsync(image ?? world.Files);
        }
    }
}
