using System.Diagnostics.CodeAnalysis;

namespace Elanus.Primitives;

/// <summary>Nothing, as a value: the success of a call that has no answer.</summary>
public readonly record struct Unit;

/// <summary>A value, or the failure that stood in its way.</summary>
public readonly struct Result<T>
{
    private readonly T? value;
    private readonly Failure? failure;

    private Result(T? value, Failure? failure)
    {
        this.value = value;
        this.failure = failure;
    }

    [MemberNotNullWhen(false, nameof(Failure))]
    public bool Succeeded => failure is null;

    /// <summary>The failure, or null on success.</summary>
    public Failure? Failure => failure;

    /// <summary>The value; asking a failed result for it is a bug and throws.</summary>
    public T Value
    {
        get
        {
            Invariant.Holds(failure is null, $"the value of a failed result was asked for ({failure})");
            return value!;
        }
    }

    public static Result<T> Ok(T value) => new(value, null);

    public static Result<T> Fail(Failure failure) => new(default, failure);

    public static implicit operator Result<T>(T value) => new(value, null);

    public static implicit operator Result<T>(Failure failure) => new(default, failure);

    public bool TryGet([MaybeNullWhen(false)] out T got, [NotNullWhen(false)] out Failure? why)
    {
        got = value!;
        why = failure;
        return failure is null;
    }
}

/// <summary>Names for results without a value.</summary>
public static class Result
{
    public static readonly Result<Unit> Ok = Result<Unit>.Ok(default);
}
