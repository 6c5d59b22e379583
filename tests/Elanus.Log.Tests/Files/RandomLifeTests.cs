using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>
/// A log's life as a seed tells it: bursts of appends, a disk that fills, a front that moves, failed syncs, restarts, crashes in the middle of anything, of the start that
/// follows a crash as well.
/// </summary>
public sealed class RandomLifeTests
{
    [Fact]
    public async Task Whatever_happens_what_was_answered_is_there_and_what_was_refused_is_not()
    {
        var crashes = 0;
        var refusals = 0;
        var (again, failed) = (0, 0);
        for (var seed = 0ul; seed < 80; seed++)
        {
            var life = new Life(seed);
            await life.LiveAsync();
            crashes += life.Crashes;
            refusals += life.Refusals;
            again += life.CrashedStarts;
            failed += life.FailedSyncs;
        }

        Assert.True(
            crashes > 200 && refusals > 100 && again > 100 && failed > 30,
            $"{crashes} crashes, {again} of starts, {refusals} refusals and {failed} failed syncs are too few to prove anything");
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

        public int CrashedStarts { get; private set; }

        public int FailedSyncs { get; private set; }

        public async Task LiveAsync()
        {
            await OnAsync(new MemoryFileSystem());
            for (var step = 0; step < 25; step++)
            {
                switch (random.NextUInt64() % 9)
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
                    case 5:
                        await FailAsync();
                        break;
                    default:
                        await BurstAsync();
                        break;
                }
            }

            await log.DisposeAsync();
        }

        /// <summary>
        /// Where the seed is even, groups go beside each other and syncs end in any order; what was written while one lasted it covers, or not. In a third of the lives the
        /// next segment is prepared all the time.
        /// </summary>
        private void Enter(MemoryFileSystem files)
        {
            tapped = new TappedFileSystem(files);
            var options = new FileLogOptions
            {
                SegmentBytes = 8192,
                MarkAfterIdleMs = 0,
                GroupBytesWhole = 1,
                GroupBytesBeside = seed % 2 == 0 ? 1 : 1 << 20,
                SpareBytesASecond = seed % 3 == 0 ? long.MaxValue : 0,
                SpareAfterMs = 0,
            };
            world = new LogWorld { Files = files, Seen = tapped, Options = options, Random = random };
            if (seed % 2 == 0)
            {
                tapped.EndSyncsInAnyOrder(new SeededRandom(random.NextUInt64()), coversWhatComesMeanwhile: seed % 4 == 0);
            }
        }

        private async Task OnAsync(MemoryFileSystem files)
        {
            for (var crashes = 0; crashes < 3 && random.NextUInt64() % 3 == 0; crashes++)
            {
                Enter(files);
                MemoryFileSystem? image = null;
                var countdown = random.NextUInt64() % 14;
                var choices = new SeededRandom(random.NextUInt64());
                tapped.Changed = () => image = countdown-- == 0 ? world.Files.CrashImage(choices) : image;
                await (await world.OpenAsync()).DisposeAsync();
                CrashedStarts += image is null ? 0 : 1;
                files = image ?? files;
            }

            Enter(files);
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

                Result<Appended> appended;
                try
                {
                    appended = await TryAppendAsync(log, Encoding.UTF8.GetBytes(row));
                }
                catch (LogDeadException)
                {
                    return;
                }

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

        /// <summary>A sync fails and the process ends: with the machine, or alone, so that the page cache holds what the disk does not.</summary>
        private async Task FailAsync()
        {
            var countdown = random.NextUInt64() % 6;
            var files = world.Files;
            files.Faults.Sync = path => path.EndsWith(".log", StringComparison.Ordinal) && countdown-- == 0 ? SyncFate.Failed : SyncFate.Honest;
            await BurstAsync();
            await BurstAsync();
            FailedSyncs += log.Death.IsCompleted ? 1 : 0;
            await log.DisposeAsync();
            files.Faults.Sync = _ => SyncFate.Honest;
            await OnAsync(random.NextUInt64() % 2 == 0 ? files : files.CrashImage(random));

            // What was just shown survives the next crash.
            var left = await world.With(world.Files.CrashImage(random)).InspectAsync();
            Assert.True(left.Damage.Count == 0 && left.End.Position >= log.Committed, $"seed {seed}: {log.Committed} was shown, {left.End.Position} is left");
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
