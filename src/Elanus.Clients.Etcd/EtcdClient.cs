using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Elanus.Clients.Etcd.Wire;
using Elanus.Rpc;
using Elanus.Rpc.Client;
using Elanus.Rpc.Hosting;
using Google.Protobuf;

namespace Elanus.Clients.Etcd;

/// <summary>
/// A client of an etcd cluster, version 3.4 and later. Calls go to one member until it fails, then to the next. A read that gets no answer soon is asked of the others as well, and
/// so is a transaction that may be repeated; any other is sent to another member only where it is certain that the first never took it. Cancelling a call ends it with a failure (a transaction:
/// <see cref="EtcdOutcome.Unknown"/>), not with an exception. Any thread may call it.
/// </summary>
public sealed class EtcdClient : IAsyncDisposable
{
    private readonly EtcdMembers members;

    private EtcdClient(EtcdMembers members) => this.members = members;

    /// <summary>The endpoints, without credentials.</summary>
    public string Name => members.Name;

    /// <summary>Reads the certificates; contacts nobody yet.</summary>
    public static Result<EtcdClient> Create(EtcdOptions options)
    {
        RpcClientTls? tls = null;
        if (options.Tls && !RpcClientTls.Load(options.AuthorityPem, options.CertificatePem, options.KeyPem).TryGet(out tls, out var why))
        {
            return why;
        }

        return new EtcdClient(new(options, tls));
    }

    /// <summary>A key as it is now, linearizably; null where there is none.</summary>
    public async ValueTask<Result<EtcdEntry?>> GetAsync(string key, CancellationToken cancel)
    {
        var asked = await members.CallAsync(EtcdMethods.Range, RangeResponse.Parser, new() { Key = ByteString.CopyFromUtf8(key) }, mayRepeat: true, cancel);
        return asked.Reply is { } reply
            ? Result<EtcdEntry?>.Ok(reply.Kvs.Select(Entry).FirstOrDefault())
            : asked.Failure(Name);
    }

    /// <summary>Sends a transaction; once, if it may not be repeated.</summary>
    public async ValueTask<EtcdCommit> CommitAsync(EtcdTransaction transaction, CancellationToken cancel)
    {
        var sent = await members.CallAsync(EtcdMethods.Txn, TxnResponse.Parser, transaction.Request, transaction.IsRepeatable, cancel);
        return sent.Reply is { } reply
            ? new(
                reply.Succeeded ? EtcdOutcome.Done : EtcdOutcome.Refused,
                reply.Header.Revision,
                reply.Succeeded ? [] : [.. reply.Responses.Where(op => op.ResponseRange is not null).SelectMany(op => op.ResponseRange.Kvs).Select(Entry)],
                null,
                sent.Repeated)
            : new(sent.NothingDone ? EtcdOutcome.Failed : EtcdOutcome.Unknown, 0, [], sent.Failure(Name), sent.Repeated);
    }

    /// <summary>A new lease; the cluster rounds its life up to whole seconds and to what its elections need.</summary>
    public async ValueTask<Result<long>> GrantAsync(TimeSpan life, CancellationToken cancel)
    {
        var request = new LeaseGrantRequest { TTL = (long)Math.Ceiling(life.TotalSeconds) };
        var granted = await members.CallAsync(EtcdMethods.LeaseGrant, LeaseGrantResponse.Parser, request, mayRepeat: false, cancel);
        return granted.Reply is { } reply ? reply.ID : granted.Failure(Name);
    }

    /// <summary>Renews a lease: the life that it has now; zero where it is gone.</summary>
    public async ValueTask<Result<TimeSpan>> KeepAliveAsync(long lease, CancellationToken cancel)
    {
        var kept = await members.AskStreamAsync(EtcdMethods.LeaseKeepAlive, new() { ID = lease }, cancel);
        return kept.Reply is { } reply ? TimeSpan.FromSeconds(reply.TTL) : kept.Failure(Name);
    }

    /// <summary>Ends a lease, and with it the keys that go with it. One that is gone already is fine.</summary>
    public async ValueTask<Result<Unit>> RevokeAsync(long lease, CancellationToken cancel)
    {
        var revoked = await members.CallAsync(EtcdMethods.LeaseRevoke, LeaseRevokeResponse.Parser, new() { ID = lease }, mayRepeat: true, cancel);
        return revoked.Reply is not null || revoked.Status.Code == RpcStatusCode.NotFound ? Result.Ok : revoked.Failure(Name);
    }

    /// <summary>
    /// Yields when any of the keys may have changed, once when the watch stands, and again whenever it had to be made anew. Ends, without an exception, when cancelled.
    /// </summary>
    public async IAsyncEnumerable<Unit> WatchAsync(ImmutableArray<string> keys, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (var failures = 0; !cancel.IsCancellationRequested; failures++)
        {
            await using var watch = await members.OpenAsync(EtcdMethods.Watch, cancel);
            if (watch is not null)
            {
                foreach (var key in keys)
                {
                    await watch.TryWriteAsync(new() { CreateRequest = new() { Key = ByteString.CopyFromUtf8(key) } }, cancel);
                }

                var standing = 0;
                while (await watch.ReadAsync(cancel) is { Canceled: false } told)
                {
                    standing += told.Created ? 1 : 0;
                    failures = 0;
                    if (told.Events.Count > 0 || (told.Created && standing == keys.Length))
                    {
                        yield return default;
                    }
                }
            }

            await members.PauseAsync(failures, cancel);
        }
    }

    public ValueTask DisposeAsync()
    {
        members.Dispose();
        return ValueTask.CompletedTask;
    }

    private static EtcdEntry Entry(KeyValue pair) => new(pair.Key.ToStringUtf8(), pair.Value.Memory, pair.CreateRevision, pair.ModRevision);
}
