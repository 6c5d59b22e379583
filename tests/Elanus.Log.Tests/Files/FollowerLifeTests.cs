using System.Text;
using Elanus.Primitives;
using static Elanus.Log.Tests.LogWorld;

namespace Elanus.Log.Tests;

/// <summary>
/// A follower's life as a seed tells it: batches of an active's records, some on their way at once, another history that begins behind what is committed, cuts, readers all the while,
/// failed syncs, restarts, crashes in the middle of anything. What was answered as durable is there, of one history, and readers see that alone.
/// </summary>
public sealed class FollowerLifeTests
{
    private static readonly CancellationToken Cancel = CancellationToken.None;

    [Fact]
    public async Task Whatever_happens_a_follower_holds_what_it_answered_and_one_history()
    {
        var (crashes, cuts) = (0, 0);
        for (var seed = 0ul; seed < 120; seed++)
        {
            var life = new Life(seed);
            await life.LiveAsync();
            crashes += life.Crashes;
            cuts += life.Cuts;
        }

        Assert.True(crashes > 100 && cuts > 100, $"{crashes} crashes and {cuts} cuts are too few to prove anything");
    }

    private sealed class Life(ulong seed)
    {
        private readonly SeededRandom random = new(seed);
        private readonly Lock gate = new();
        private readonly List<Task> readers = [];
        private List<LogRecord> history = [];
        private ulong shared;
        private ulong durable;
        private ulong committed;
        private bool isCutting;
        private ulong epoch = 1;
        private FileLogOptions options = null!;
        private TappedFileSystem tapped = null!;
        private LogWorld world = null!;
        private FileLog log = null!;

        public int Crashes { get; private set; }

        public int Cuts { get; private set; }

        public async Task LiveAsync()
        {
            options = new()
            {
                SegmentBytes = 4096 << (int)Below(4),
                MarkAfterIdleMs = Below(2) == 0 ? 0 : 1_000_000,
                GroupBytesWhole = 1,
                GroupBytesBeside = 1,
                TailBytesMax = (long)Below(12_000),
                CommitsAlone = false,
            };
            await ForkAsync();
            await OnAsync(new());
            for (var step = 0; step < 15; step++)
            {
                switch (Below(8))
                {
                    case 0:
                        await StopAsync();
                        await OnAsync(world.Files);
                        break;
                    case 1 or 2:
                        await CrashAsync();
                        break;
                    case 3:
                        await FailAsync();
                        break;
                    case 4:
                        await ForkAsync();
                        await CutAsync();
                        break;
                    default:
                        await TakeAsync();
                        Commit();
                        break;
                }
            }

            await StopAsync();
        }

        private ulong Below(ulong bound) => random.NextUInt64() % bound;

        /// <summary>Another active's history: what is committed and some of what follows, then an epoch of its own.</summary>
        private async Task ForkAsync()
        {
            await using var active = await new LogWorld { Options = new() { MarkAfterIdleMs = 0, SegmentBytes = 1 << 20 } }.StartAsync();
            shared = committed + Below((ulong)history.Count - committed + 1);
            await active.AppendVerbatimAsync(history[..(int)shared], Cancel);
            await active.OpenAsync(Epoch(epoch++), false, Cancel);
            for (var rows = 4 + Below(20); rows > 0; rows--)
            {
                await TryAppendAsync(active, Encoding.UTF8.GetBytes($"{epoch} {rows} " + new string('x', (int)Below(Below(2) == 0 ? 200ul : 3000ul))));
            }

            var made = await RecordsAsync(active);
            lock (gate)
            {
                history = made;
            }
        }

        private async Task CutAsync()
        {
            if (log.Durable.Number <= shared)
            {
                return;
            }

            lock (gate)
            {
                isCutting = true;
            }

            Assert.True((await log.CutAsync(new(Channel, shared), Cancel)).Succeeded);
            lock (gate)
            {
                isCutting = false;
                durable = Math.Min(durable, shared);
            }

            Assert.Equal(shared, log.Durable.Number);
            Cuts++;
        }

        private async Task TakeAsync()
        {
            var batches = new List<Task>();
            var at = (int)log.Durable.Number;
            for (var left = 1 + Below(6); left > 0 && at < history.Count; left--)
            {
                var batch = history.GetRange(at, Math.Min(1 + (int)Below(5), history.Count - at));
                batches.Add(TakeAsync(batch));
                at += batch.Count;
            }

            await Task.WhenAll(batches);
        }

        private async Task TakeAsync(List<LogRecord> batch)
        {
            try
            {
                Assert.True((await log.AppendVerbatimAsync(batch, Cancel)).Succeeded);
            }
            catch (LogDeadException)
            {
                return;
            }

            lock (gate)
            {
                durable = Math.Max(durable, batch[^1].Position.Number);
            }
        }

        private void Commit()
        {
            lock (gate)
            {
                committed = Math.Max(committed, log.Committed.Number + Below(log.Durable.Number - log.Committed.Number + 1));
            }

            log.AdvanceCommitted(new(Channel, committed));
        }

        private async Task StopAsync()
        {
            await log.DisposeAsync();
            await Task.WhenAll(readers);
            readers.Clear();
        }

        private void Enter(MemoryFileSystem files)
        {
            tapped = new TappedFileSystem(files);
            tapped.EndSyncsInAnyOrder(new SeededRandom(Below(ulong.MaxValue)), coversWhatComesMeanwhile: Below(2) == 0);
            world = new LogWorld { Files = files, Seen = tapped, Options = options, Random = random, Watcher = new Deaf() };
        }

        private async Task OnAsync(MemoryFileSystem files)
        {
            Enter(files);
            log = await world.StartAsync();
            Assert.True(log.Durable.Number >= Math.Max(durable, committed), $"seed {seed}: {durable} were answered and {committed} committed, {log.Durable} is the end");
            durable = log.Durable.Number;
            var held = new List<RecordHeader>();
            await foreach (var record in LogHistory.ReadAsync(files, LogWorld.Directory, Channel, new(Channel, 1), Cancel))
            {
                held.Add(record.Header);
            }

            Assert.Equal(history.Take((int)durable).Select(record => record.Header), held);
            log.AdvanceCommitted(new(Channel, committed));
            for (var count = Below(3); count > 0; count--)
            {
                readers.Add(ReadAsync(log));
            }
        }

        private async Task ReadAsync(FileLog from)
        {
            await Task.Yield();
            await using var reader = from.Read(from.Front).Value;
            var next = from.Front;
            try
            {
                while (true)
                {
                    foreach (var record in (await reader.NextAsync(Cancel)).Value)
                    {
                        Assert.True(record.Position <= from.Committed);
                        Assert.Equal(next, record.Position);
                        Assert.Equal(record.Header.PayloadCrc, Crc32C.Of(record.Payload.Span));
                        lock (gate)
                        {
                            Assert.Equal(history[(int)next.Number - 1].Header, record.Header);
                        }

                        next = next.Next;
                    }
                }
            }
            catch (Exception ended) when (ended is LogDeadException or ObjectDisposedException)
            {
                // With its log.
            }
        }

        private async Task FailAsync()
        {
            var countdown = Below(6);
            var files = world.Files;
            files.Faults.Sync = path => path.EndsWith(".log", StringComparison.Ordinal) && countdown-- == 0 ? SyncFate.Failed : SyncFate.Honest;
            await TakeAsync();
            await StopAsync();
            files.Faults.Sync = _ => SyncFate.Honest;
            await OnAsync(Below(2) == 0 ? files : files.CrashImage(random));
            var left = await world.With(world.Files.CrashImage(random)).InspectAsync();
            Assert.True(left.Damage.Count == 0 && left.End.Position >= log.Durable, $"seed {seed}: {log.Durable} were taken for durable, {left.End.Position} are left");
        }

        /// <summary>Stops the machine at some change to the disk, of a cut or of groups on their way.</summary>
        private async Task CrashAsync()
        {
            var cuts = Below(2) == 0;
            var before = history;
            if (cuts)
            {
                await TakeAsync();
                await ForkAsync();
            }

            MemoryFileSystem? image = null;
            (ulong Durable, bool IsCutting) then = default;
            var countdown = Below(20);
            var choices = new SeededRandom(Below(ulong.MaxValue));
            tapped.Changed = () =>
            {
                lock (gate)
                {
                    (image, then) = countdown-- == 0 ? (world.Files.CrashImage(choices), (durable, isCutting)) : (image, then);
                }
            };
            await (cuts ? CutAsync() : Task.CompletedTask);
            await TakeAsync();
            await StopAsync();
            tapped.Changed = () => { };
            if (image is null)
            {
                await OnAsync(world.Files);
                return;
            }

            Crashes++;
            durable = then.Durable;
            if (!then.IsCutting)
            {
                await OnAsync(image);
                return;
            }

            // The start finishes a cut that was begun, and finds all of the other history where it was not.
            await (await new LogWorld { Files = image, Options = options }.StartAsync()).DisposeAsync();
            var isCut = (await new LogWorld { Files = image }.InspectAsync()).End.Position.Number == shared;
            durable = isCut ? shared : durable;
            (var after, history) = (history, isCut ? history : before);
            await OnAsync(image);
            history = after;
            await (isCut ? Task.CompletedTask : CutAsync());
        }
    }

    private sealed class Deaf : ILogWatcher
    {
        public void Written(LogPosition end)
        {
        }

        public void Durable(LogPosition end)
        {
        }
    }
}
