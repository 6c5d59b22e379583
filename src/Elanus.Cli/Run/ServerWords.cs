using System.Text;

namespace Elanus.Cli;

/// <summary>Where a server says what an operator reads. Words that cannot be written are lost, and the server goes on: they may go to a file on the disk that has just run full.</summary>
internal sealed class ServerWords(TextWriter written) : TextWriter
{
    public override Encoding Encoding => written.Encoding;

    public override void Write(char value) => UnlessRefused(() => written.Write(value));

    public override void Write(string? value) => UnlessRefused(() => written.Write(value));

    public override void WriteLine(string? value) => UnlessRefused(() => written.WriteLine(value));

    public override Task WriteLineAsync(string? value) => UnlessRefused(() => written.WriteLineAsync(value));

    public override void Flush() => UnlessRefused(written.Flush);

    public override Task FlushAsync() => UnlessRefused(written.FlushAsync);

    public override Task FlushAsync(CancellationToken cancellationToken) => UnlessRefused(() => written.FlushAsync(cancellationToken));

    private static void UnlessRefused(Action write)
    {
        try
        {
            write();
        }
        catch (IOException)
        {
            // There is nowhere to say so.
        }
    }

    private static async Task UnlessRefused(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (IOException)
        {
            // There is nowhere to say so.
        }
    }
}
