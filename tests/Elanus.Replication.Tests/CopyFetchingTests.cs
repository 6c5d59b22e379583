using Elanus.Log;
using Elanus.Primitives;

namespace Elanus.Replication.Tests;

/// <summary>One file is fetched in pieces, and its fetching is stopped in the middle: the next one goes on from there, and begins anew where the whole is not what it should be.</summary>
public sealed class CopyFetchingTests
{
    private const int Pieces = 100;

    private static readonly NodeId Active = new(1);

    private readonly byte[] content = new byte[(Pieces * CopyPiece.BytesMax) - 1000];
    private readonly MemoryFileSystem files = new();
    private readonly CountingFileSystem counted;
    private readonly HashSet<long> pulled = [];
    private bool stopsInTheMiddle = true;

    public CopyFetchingTests()
    {
        new SeededRandom(5).Fill(content);
        counted = new(files, TimeProvider.System);
    }

    [Fact]
    public async Task What_was_fetched_before_a_stop_is_not_fetched_again()
    {
        await Stopped();
        var first = pulled.Count;
        pulled.Clear();
        await Fetch(CancellationToken.None);
        Assert.InRange(pulled.Count, Pieces - first, Pieces - first + CopyFetching.PiecesAheadMax + 8);
        Assert.Equal(Crc32C.Of(content), Crc32C.Of(await Written()));
    }

    [Fact]
    public async Task What_a_host_lost_of_it_is_found_and_all_is_fetched()
    {
        await Stopped();
        files.FlipBit("/copy/file.part", CopyPiece.BytesMax, 1);
        pulled.Clear();
        await Fetch(CancellationToken.None);
        Assert.Equal(Pieces, pulled.Count);
        Assert.Equal(Crc32C.Of(content), Crc32C.Of(await Written()));
    }

    [Fact]
    public async Task A_large_file_never_leaves_much_unsynced_while_it_is_fetched()
    {
        stopsInTheMiddle = false;
        var (syncs, syncedAt, most) = (0L, 0L, 0L);
        await Fetch(CancellationToken.None, () =>
        {
            if (counted.Syncs > syncs)
            {
                (syncs, syncedAt) = (counted.Syncs, counted.BytesWritten);
            }

            most = Math.Max(most, counted.BytesWritten - syncedAt);
            return false;
        });
        Assert.True(content.Length > 2 * IFile.UnsyncedBytesMax);
        Assert.InRange(most, 1, IFile.UnsyncedBytesMax);
    }

    private async Task Stopped()
    {
        using var stop = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Fetch(stop.Token, () => pulled.Count > 2 * Pieces / 3, stop));
        stopsInTheMiddle = false;
    }

    private async Task<byte[]> Written()
    {
        await using var file = (await files.OpenAsync("/copy/file", FileIntent.Read, default))!;
        var bytes = new byte[await file.LengthAsync(default)];
        await file.ReadAsync(0, bytes, default);
        return bytes;
    }

    private async Task Fetch(CancellationToken cancel, Func<bool>? enough = null, CancellationTokenSource? stop = null)
    {
        var plan = new CopyPlan(1, 2, [new("file", content.Length, 7)]);
        CopyFetching? fetching = null;
        var network = new Way(message =>
        {
            if (enough?.Invoke() == true && stopsInTheMiddle)
            {
                stop!.Cancel();
                return;
            }

            switch (message)
            {
                case CopyAsk ask:
                    fetching!.Take(Active, new CopyOffered(ask.Epoch, ask.Copy, plan));
                    break;
                case CopyPull pull:
                    pulled.Add(pull.Offset);
                    var bytes = content.AsMemory((int)pull.Offset..(int)Math.Min(content.Length, pull.Offset + CopyPiece.BytesMax));
                    fetching!.Take(Active, new CopyPiece(pull.Epoch, pull.Copy, 0, pull.Offset, bytes, Crc32C.Of(bytes.Span)));
                    break;
            }
        });
        fetching = new(Active, new(1, new(1, 1)), network, new Target(counted, Crc32C.Of(content)), new SeededRandom(1), TimeProvider.System, _ => { }, _ => { });
        await fetching.Run(cancel);
    }

    private sealed class Way(Action<PeerMessage> took) : IPeerNetwork
    {
        public void Open(IPeerSink sink)
        {
        }

        public void Know(Elanus.Coordination.Member member)
        {
        }

        public ValueTask<bool> SendAsync(NodeId to, PeerMessage message, CancellationToken cancel)
        {
            took(message);
            return new(true);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Target(IFileSystem files, uint crc) : ICopyTarget
    {
        public async Task<Result<Unit>> BeginAsync(CopyPlan plan, CancellationToken cancel) => await files.CreateDirectoryAsync("/copy", cancel);

        public Task<bool> HoldsAsync(CopyFile file, CancellationToken cancel) => Task.FromResult(false);

        public async Task<Result<IFile>> CreateAsync(CopyFile file, CancellationToken cancel) =>
            await files.OpenAsync("/copy/file.part", FileIntent.ReadWrite, cancel) is { } begun ? Result<IFile>.Ok(begun) : await files.CreateAsync("/copy/file.part", cancel);

        public async Task<Result<Unit>> FinishAsync(CopyFile file, IFile written, CancellationToken cancel)
        {
            var bytes = new byte[await written.LengthAsync(cancel)];
            await written.ReadAsync(0, bytes, cancel);
            if (Crc32C.Of(bytes) == crc)
            {
                return await files.RenameAsync("/copy/file.part", "/copy/file", cancel);
            }

            await files.DeleteAsync("/copy/file.part", cancel);
            return new Failure(FailureCode.Internal, "it is not whole");
        }

        public Task<Result<Unit>> InstallAsync(CopyPlan plan, EpochPromise kept, string? keptAs, CancellationToken cancel) => Task.FromResult(Result.Ok);

        public Task DiscardAsync(CancellationToken cancel) => Task.CompletedTask;
    }
}
