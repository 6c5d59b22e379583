namespace Elanus.Clients.Etcd;

/// <summary>A key's value and the revisions of the store at which it was made and last changed.</summary>
public sealed record EtcdEntry(string Key, ReadOnlyMemory<byte> Value, long CreateRevision, long ModRevision);
