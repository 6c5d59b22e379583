using Elanus.Clients.Etcd.Wire;
using Google.Protobuf;

namespace Elanus.Clients.Etcd;

/// <summary>What is compared, what is done if all of it holds, and what is read if not. Built by one thread.</summary>
public sealed class EtcdTransaction
{
    internal TxnRequest Request { get; } = new();

    internal bool IsRepeatable { get; private set; }

    /// <summary>Holds if the key was last changed at this revision; 0: if there is no such key.</summary>
    public EtcdTransaction IfModifiedAt(string key, long revision)
    {
        Request.Compare.Add(new Compare
        {
            Key = ByteString.CopyFromUtf8(key),
            Target = Compare.Types.CompareTarget.Mod,
            Result = Compare.Types.CompareResult.Equal,
            ModRevision = revision,
        });
        return this;
    }

    /// <summary>Holds if this is the key's value.</summary>
    public EtcdTransaction IfValueIs(string key, ReadOnlyMemory<byte> value)
    {
        Request.Compare.Add(new Compare
        {
            Key = ByteString.CopyFromUtf8(key),
            Target = Compare.Types.CompareTarget.Value,
            Result = Compare.Types.CompareResult.Equal,
            Value = ByteString.CopyFrom(value.Span),
        });
        return this;
    }

    /// <param name="key">The key.</param>
    /// <param name="value">Its value.</param>
    /// <param name="lease">The lease that it goes with; 0: none.</param>
    public EtcdTransaction Put(string key, ReadOnlyMemory<byte> value, long lease = 0)
    {
        Request.Success.Add(new RequestOp { RequestPut = new() { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFrom(value.Span), Lease = lease } });
        return this;
    }

    public EtcdTransaction Delete(string key)
    {
        Request.Success.Add(new RequestOp { RequestDeleteRange = new() { Key = ByteString.CopyFromUtf8(key) } });
        return this;
    }

    /// <summary>Reads the key if a comparison does not hold.</summary>
    public EtcdTransaction ElseGet(string key)
    {
        Request.Failure.Add(new RequestOp { RequestRange = new() { Key = ByteString.CopyFromUtf8(key) } });
        return this;
    }

    /// <summary>
    /// Where a member is silent it goes to another one as well: carried out a second time, and however late, it must change nothing that anybody relies on, so it compares. Refused,
    /// it may have been carried out before (<see cref="EtcdCommit.Repeated"/>), which who relies on that must be able to tell from what is found.
    /// </summary>
    public EtcdTransaction MayRepeat()
    {
        Invariant.Holds(Request.Compare.Count > 0, "a transaction that compares nothing would be carried out each time it is sent");
        IsRepeatable = true;
        return this;
    }
}
