namespace Elanus.Coordination;

/// <summary>Waiting that ends with an answer, not with an exception, when its caller gives up.</summary>
internal static class Waiting
{
    /// <summary>True once the task is done, false where the wait was cancelled first; what the task threw is thrown.</summary>
    public static async ValueTask<bool> UntilCancelled(Task task, CancellationToken cancel)
    {
        try
        {
            await task.Until(cancel);
            return true;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>The task's answer, or <paramref name="otherwise"/> where the wait was cancelled first; the task goes on.</summary>
    public static async ValueTask<T> OrElse<T>(Task<T> task, T otherwise, CancellationToken cancel) =>
        await UntilCancelled(task, cancel) ? await task : otherwise;
}
