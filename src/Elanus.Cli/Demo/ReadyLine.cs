using System.Text;

namespace Elanus.Cli;

/// <summary>Takes a server's output and waits for the line that names its address.</summary>
internal sealed class ReadyLine : TextWriter
{
    private const string Serving = " is serving on ";

    private readonly TaskCompletionSource<string> address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override Encoding Encoding => Encoding.UTF8;

    public Task<string> Address => address.Task;

    public override void WriteLine(string? value)
    {
        if (value?.IndexOf(Serving, StringComparison.Ordinal) is >= 0 and var at)
        {
            address.TrySetResult(value[(at + Serving.Length)..]);
        }
    }

    public override Task WriteLineAsync(string? value)
    {
        WriteLine(value);
        return Task.CompletedTask;
    }
}
