using System.Numerics;
using System.Runtime.InteropServices;
using Elanus.Primitives;

namespace Elanus.Vectors;

/// <summary>
/// Builds a graph row by row. Algorithms 1 and 4 of Malkov and Yashunin (2016), with one addition: a row whose vector an earlier row has is not put
/// into the graph but hung behind that one, for equal rows would fill each other's lists and cut off what lies beyond them.
/// </summary>
internal sealed unsafe class HnswBuilder : IDisposable
{
    private const int RowsBetweenChecks = 256;

    private readonly VectorSpace space;
    private readonly VectorBlock block;
    private readonly HnswParameters parameters;
    private readonly HnswImage image;
    private readonly WalkRows rows;
    private readonly GraphWalk walk;
    private readonly WalkScratch scratch;
    private readonly Dictionary<ulong, int> rowsByHash = [];
    private readonly int[] chosen;
    private readonly ulong[] crowd;
    private readonly float[] chosenKeys;

    private HnswBuilder(VectorSpace space, VectorBlock block, HnswParameters parameters, HnswImage image)
    {
        this.space = space;
        this.block = block;
        this.parameters = parameters;
        this.image = image;
        rows = HnswGraph.RowsToWalk(space, block, image);
        walk = new GraphWalk(image, rows);
        scratch = new WalkScratch(space, image);
        chosen = GC.AllocateArray<int>(2 * parameters.M, pinned: true);
        chosenKeys = GC.AllocateArray<float>(2 * parameters.M, pinned: true);
        crowd = new ulong[Math.Max(parameters.EfConstruction, (2 * parameters.M) + 1)];
    }

    public static HnswImage Build(
        VectorSpace space, VectorBlock block, HnswParameters parameters, Action<int>? progress, CancellationToken cancel)
    {
        var levels = new byte[block.Count];
        var upperLists = 0;
        for (var row = 0; row < block.Count; row++)
        {
            levels[row] = Level(parameters, row);
            upperLists = checked(upperLists + levels[row]);
        }

        var image = CodedImage.Create(space, block, parameters, upperLists, cancel);
        try
        {
            using var builder = new HnswBuilder(space, block, parameters, image);
            builder.InsertAll(levels, progress, cancel);
            image.Seal();
            return image;
        }
        catch
        {
            image.Dispose();
            throw;
        }
    }

    public void Dispose() => scratch.Dispose();

    /// <summary>Levels fall off by a factor of M, drawn from a hash of the row's number; whole numbers alone decide, so every machine agrees.</summary>
    private static byte Level(HnswParameters parameters, int row)
    {
        var draw = Mix(parameters.Seed + (ulong)row * 0x9e3779b97f4a7c15);
        byte level = 0;
        for (var bound = ulong.MaxValue / (ulong)parameters.M; draw < bound && level < HnswGraph.LevelMax; bound /= (ulong)parameters.M)
        {
            level++;
        }

        return level;
    }

    private static ulong Mix(ulong value)
    {
        value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9;
        value = (value ^ value >> 27) * 0x94d049bb133111eb;
        return value ^ value >> 31;
    }

    private void InsertAll(byte[] levels, Action<int>? progress, CancellationToken cancel)
    {
        var upper = 0;
        for (var row = 0; row < block.Count; row++)
        {
            if (row % RowsBetweenChecks == 0)
            {
                cancel.ThrowIfCancellationRequested();
                progress?.Invoke(row);
            }

            if (TwinOf(row) is { } twin)
            {
                image.AddTwin(twin, row);
                continue;
            }

            if (levels[row] > 0)
            {
                image.SetUpperFirst(row, upper);
                upper += levels[row];
            }

            Insert(row, levels[row]);
        }

        progress?.Invoke(block.Count);
    }

    /// <summary>An earlier row with the same bytes, if there is one.</summary>
    private int? TwinOf(int row)
    {
        var bytes = Vector(row);
        var hash = 0UL;
        foreach (var word in MemoryMarshal.Cast<byte, ulong>(bytes))
        {
            hash = BitOperations.RotateLeft((hash ^ word) * 0x9e3779b97f4a7c15, 29);
        }

        foreach (var rest in bytes[(bytes.Length & ~7)..])
        {
            hash = BitOperations.RotateLeft((hash ^ rest) * 0x9e3779b97f4a7c15, 29);
        }

        // Another vector of the same hash is merely no twin.
        ref var first = ref CollectionsMarshal.GetValueRefOrAddDefault(rowsByHash, Mix(hash), out var known);
        if (known)
        {
            return Vector(first).SequenceEqual(bytes) ? first : null;
        }

        first = row;
        return null;
    }

    private ReadOnlySpan<byte> Vector(int row) => new(block.Rows + (long)row * space.RowBytes, space.RowBytes);

    private void Insert(int row, int level)
    {
        ref var header = ref image.Header;
        if (header.Entry < 0)
        {
            header.Entry = row;
            header.MaxLevel = level;
            return;
        }

        var query = rows.Probe(row, scratch.Query);
        var start = walk.Descend(query, level, scratch);
        for (var layer = Math.Min(level, header.MaxLevel); layer >= 0; layer--)
        {
            walk.Nearest(query, layer, start, parameters.EfConstruction, long.MaxValue, scratch);
            var found = scratch.Candidates;
            start = (found.RowAt(0), found.KeyAt(0));
            for (var i = 0; i < found.Count; i++)
            {
                crowd[i] = RankedRow.Pack(found.KeyAt(i), found.RowAt(i));
            }

            var count = Choose(crowd.AsSpan(0, found.Count), parameters.M);
            var list = List(row, layer);
            for (var i = 0; i < count; i++)
            {
                list[i] = chosen[i];
            }

            for (var i = 0; i < count; i++)
            {
                LinkBack(list[i], row, chosenKeys[i], layer);
            }
        }

        if (level > header.MaxLevel)
        {
            header.Entry = row;
            header.MaxLevel = level;
        }
    }

    private Span<int> List(int row, int layer) => layer == 0
        ? new(image.BaseLinks(row), 2 * parameters.M)
        : new(image.UpperLinks(row, layer), parameters.M);

    /// <summary>Adds a link to a list; where it is full, the list is chosen anew from what it holds and the new row.</summary>
    private void LinkBack(int row, int other, float key, int layer)
    {
        var list = List(row, layer);
        var free = list.IndexOf(-1);
        if (free >= 0)
        {
            list[free] = other;
            return;
        }

        fixed (int* links = list)
        {
            rows.CompareFar(rows.Probe(row, scratch.Other), links, list.Length, scratch.Keys);
        }

        for (var i = 0; i < list.Length; i++)
        {
            crowd[i] = RankedRow.Pack(scratch.Keys[i], list[i]);
        }

        crowd[list.Length] = RankedRow.Pack(key, other);
        var all = crowd.AsSpan(0, list.Length + 1);
        all.Sort();
        var count = Choose(all, list.Length);
        chosen.AsSpan(0, count).CopyTo(list);
        list[count..].Fill(-1);
    }

    /// <summary>
    /// Of rows sorted by key, those that are no nearer to a row chosen before than to the one they are chosen for, up to a number: links that lead
    /// in different directions. They are left in <see cref="chosen"/>.
    /// </summary>
    private int Choose(ReadOnlySpan<ulong> sorted, int most)
    {
        var count = 0;
        foreach (var pair in sorted)
        {
            if (count == most)
            {
                break;
            }

            var row = RankedRow.Row(pair);
            var key = RankedRow.Key(pair);
            if (!NearerToChosen(row, key, count))
            {
                chosen[count] = row;
                chosenKeys[count++] = key;
            }
        }

        return count;
    }

    private bool NearerToChosen(int row, float key, int count)
    {
        if (count == 0)
        {
            return false;
        }

        var query = rows.Probe(row, scratch.Other);
        fixed (int* numbers = chosen)
        {
            for (var from = 0; from < count; from += ChosenAtOnce)
            {
                var some = Math.Min(ChosenAtOnce, count - from);
                rows.Compare(query, numbers + from, some, scratch.Keys);
                for (var i = 0; i < some; i++)
                {
                    if (scratch.Keys[i] < key)
                    {
                        return true;
                    }
                }
            }
        }

        return false;
    }

    private const int ChosenAtOnce = 8;
}
