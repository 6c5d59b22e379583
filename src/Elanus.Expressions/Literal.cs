using System.Collections.Immutable;
using System.Globalization;

namespace Elanus.Expressions;

/// <summary>What kind of constant a <see cref="Literal"/> is.</summary>
public enum LiteralKind
{
    Bool,
    Integer,
    Floating,
    Text,
    List,
}

/// <summary>
/// A constant of an expression: written in it, or given as the value of a template <c>{name}</c>. Integers have 64 bits, floating
/// numbers are doubles, lists may mix kinds and nest.
/// </summary>
public readonly struct Literal
{
    private readonly long bits;
    private readonly object? reference;

    private Literal(LiteralKind kind, long bits, object? reference = null)
    {
        Kind = kind;
        this.bits = bits;
        this.reference = reference;
    }

    public LiteralKind Kind { get; }

    public bool IsNumber => Kind is LiteralKind.Integer or LiteralKind.Floating;

    public bool Bool => Kind == LiteralKind.Bool && bits != 0;

    /// <summary>The value of an integer; 0 for other kinds.</summary>
    public long Integer => Kind == LiteralKind.Integer ? bits : 0;

    /// <summary>The value of a number as a double, rounded where an integer does not fit; 0 for other kinds.</summary>
    public double Floating => Kind switch
    {
        LiteralKind.Floating => BitConverter.Int64BitsToDouble(bits),
        LiteralKind.Integer => bits,
        _ => 0,
    };

    /// <summary>The value of a text; empty for other kinds.</summary>
    public string Text => reference as string ?? "";

    /// <summary>The elements of a list; empty for other kinds.</summary>
    public ImmutableArray<Literal> Elements => reference is Literal[] list ? System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(list) : [];

    public static Literal Of(bool value) => new(LiteralKind.Bool, value ? 1 : 0);

    public static Literal Of(long value) => new(LiteralKind.Integer, value);

    public static Literal Of(double value) => new(LiteralKind.Floating, BitConverter.DoubleToInt64Bits(value));

    public static Literal Of(string value) => new(LiteralKind.Text, 0, value);

    public static Literal List(params ReadOnlySpan<Literal> elements) => new(LiteralKind.List, 0, elements.ToArray());

    /// <summary>A list made from values of one kind, such as the arrays of the protocol's template values.</summary>
    public static Literal List<T>(IEnumerable<T> values, Func<T, Literal> make) => new(LiteralKind.List, 0, values.Select(make).ToArray());

    public override string ToString() => Kind switch
    {
        LiteralKind.Bool => Bool ? "true" : "false",
        LiteralKind.Integer => Integer.ToString(CultureInfo.InvariantCulture),
        LiteralKind.Floating => Floating.ToString("R", CultureInfo.InvariantCulture),
        LiteralKind.Text => $"\"{(Text.Length > ExpressionLimits.QuotedTextMax ? Text[..ExpressionLimits.QuotedTextMax] + "..." : Text)}\"",
        _ => $"a list of {Elements.Length}",
    };
}
