namespace Elanus.Primitives.Tests;

public sealed class Crc32CTests
{
    [Fact]
    public void GivesTheCheckValuesOfTheStandard()
    {
        Assert.Equal(0xE3069283, Crc32C.Of("123456789"u8));
        Assert.Equal(0x8A9136AA, Crc32C.Of(new byte[32]));
        Assert.Equal(0u, Crc32C.Of(ReadOnlySpan<byte>.Empty));
    }

    [Theory]
    [InlineData(3 * 1024 - 1)]
    [InlineData(3 * 1024)]
    [InlineData(3 * 1024 + 9)]
    [InlineData(10 * 3 * 1024 + 1024)]
    [InlineData(100_003)]
    public void LanesGiveWhatOneBitAfterTheOtherGives(int length)
    {
        var bytes = new byte[length];
        new SeededRandom((ulong)length).Fill(bytes);
        Assert.Equal(BitByBit(bytes), Crc32C.Of(bytes));
    }

    [Fact]
    public void PiecesGiveWhatTheWholeGives()
    {
        var bytes = new byte[20_000];
        new SeededRandom(1).Fill(bytes);
        for (var cut = 0; cut < bytes.Length; cut += 997)
        {
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Of([bytes.AsMemory(0, cut), bytes.AsMemory(cut)]));
            Assert.Equal(Crc32C.Of(bytes), Crc32C.Continue(Crc32C.Of(bytes.AsSpan(0, cut)), bytes.AsSpan(cut)));
        }
    }

    private static uint BitByBit(byte[] bytes)
    {
        const uint Reflected = 0x82F63B78;
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * Reflected);
            }
        }

        return ~crc;
    }
}
