namespace Elanus.Cli.Tests;

public sealed class ServerWordsTests
{
    [Fact]
    public async Task Words_for_which_there_is_no_room_are_lost_and_nothing_else()
    {
        var full = new FullWriter();
        await using var words = new ServerWords(full);
        await words.WriteLineAsync("elanus: standalone is serving");
        await words.FlushAsync(CancellationToken.None);
        words.WriteLine("more");
        full.HasRoom = true;
        await words.WriteLineAsync("heard");
        Assert.Equal("heard", full.ToString().Trim());
    }

    /// <summary>As a file on a disk that is full.</summary>
    private sealed class FullWriter : StringWriter
    {
        public bool HasRoom { get; set; }

        public override void WriteLine(string? value)
        {
            Look();
            base.WriteLine(value);
        }

        public override Task WriteLineAsync(string? value)
        {
            WriteLine(value);
            return Task.CompletedTask;
        }

        public override Task FlushAsync(CancellationToken cancellationToken)
        {
            Look();
            return Task.CompletedTask;
        }

        private void Look()
        {
            if (!HasRoom)
            {
                throw new IOException("No space left on device");
            }
        }
    }
}
