#pragma warning disable RS0030 // This is the seam that stands before the banned waits.
namespace Elanus.Primitives;

/// <summary>Waits for tasks without leaving the caller's scheduler (this folder's README says why that needs saying). Any thread may call it.</summary>
public static class Waits
{
    /// <summary>Ends as the task does, or is cancelled before it.</summary>
    public static Task Until(this Task task, CancellationToken cancel) =>
        task.IsCompleted || !cancel.CanBeCanceled ? task : Awaited(task).WaitAsync(cancel);

    /// <summary>Ends as the task does, or is cancelled before it.</summary>
    public static Task<T> Until<T>(this Task<T> task, CancellationToken cancel) =>
        task.IsCompleted || !cancel.CanBeCanceled ? task : Awaited(task).WaitAsync(cancel);

    /// <summary>Ends as the task does; a <see cref="TimeoutException"/> says that it did not end in time.</summary>
    public static Task Within(this Task task, TimeSpan patience, TimeProvider time, CancellationToken cancel) =>
        task.IsCompleted ? task : Awaited(task).WaitAsync(patience, time, cancel);

    /// <summary>The index of the task that ended first, however it ended; of several that have ended already, the lowest.</summary>
    public static async Task<int> First(params Task[] tasks)
    {
        var ended = Array.FindIndex(tasks, task => task.IsCompleted);
        if (ended >= 0)
        {
            return ended;
        }

        var awaited = Array.ConvertAll(tasks, Ended);
        return Array.IndexOf(awaited, await Task.WhenAny(awaited));
    }

    /// <summary>Ends when all have; of those that failed, the first one's exception.</summary>
    public static Task All(IEnumerable<Task> tasks) => Task.WhenAll(tasks.Select(Awaited));

    /// <summary>The answers of all, in the tasks' order; of those that failed, the first one's exception.</summary>
    public static Task<T[]> All<T>(IEnumerable<Task<T>> tasks) => Task.WhenAll(tasks.Select(Awaited));

    private static async Task Awaited(Task task) => await task;

    /// <summary>Ends with the task, whatever its end: one that lost and was cancelled costs no exception.</summary>
    private static Task Ended(Task task)
    {
        var ended = new TaskCompletionSource();
        task.GetAwaiter().OnCompleted(ended.SetResult);
        return ended.Task;
    }

    private static async Task<T> Awaited<T>(Task<T> task) => await task;
}
