using System.Text;
using Elanus.Primitives;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Log.Tests;

public sealed class RecordHeaderTests
{
    [Fact]
    public void The_checksum_is_crc_32c()
    {
        // The check value of RFC 3720's polynomial.
        Assert.Equal(0xE3069283u, Crc32C.Of(Encoding.ASCII.GetBytes("123456789")));
        Assert.Equal(0u, Crc32C.Of(ReadOnlySpan<byte>.Empty));
    }

    [Fact]
    public void The_checksum_of_pieces_is_that_of_the_whole() =>
        Prop.ForAll<byte[], byte>((bytes, cut) =>
        {
            var at = bytes.Length == 0 ? 0 : cut % bytes.Length;
            return Crc32C.Of(bytes) == Crc32C.Of([bytes.AsMemory(0, at), bytes.AsMemory(at)]);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_header_is_read_back_as_it_was_written() =>
        Prop.ForAll<ulong, ulong, uint>((a, b, c) =>
        {
            var header = new RecordHeader(new(a, new(b, ~a)), new(new(c), b), new(~b), new((ushort)c), (int)(c >> 1), ~c);
            var bytes = new byte[RecordHeader.Bytes];
            header.Write(bytes);
            return RecordHeader.TryRead(bytes, out var read, out _) && read == header;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Any_flipped_bit_of_a_header_is_found()
    {
        var header = new RecordHeader(new(1, new(2, 3)), new(new(4), 5), new(6), new(7), 8, 9);
        var bytes = new byte[RecordHeader.Bytes];
        header.Write(bytes);
        for (var bit = 0; bit < RecordHeader.Bytes * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(RecordHeader.TryRead(bytes, out _, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        Assert.False(RecordHeader.TryRead(bytes.AsSpan(0, 63), out _, out _));
    }

    [Theory]
    [InlineData(0, 64)]
    [InlineData(1, 72)]
    [InlineData(8, 72)]
    [InlineData(9, 80)]
    public void A_record_takes_its_header_and_its_payload_up_to_the_next_eight_bytes(int payload, long space) =>
        Assert.Equal(space, RecordHeader.SpaceOf(payload));
}
