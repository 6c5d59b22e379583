namespace Elanus.Roles;

/// <summary>What one call's answers hold of the memory for reads, until they are sent: who makes the call disposes of it then. One thread at a time.</summary>
public sealed class AnswerHold : IDisposable
{
    private List<IDisposable>? shares;

    public void Dispose()
    {
        foreach (var share in shares ?? [])
        {
            share.Dispose();
        }

        shares = null;
    }

    internal void Add(IDisposable? share)
    {
        if (share is not null)
        {
            (shares ??= []).Add(share);
        }
    }
}
