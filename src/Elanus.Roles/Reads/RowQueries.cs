using Elanus.Engine;

namespace Elanus.Roles;

/// <summary>The proxy's queries by filter.</summary>
public sealed class RowQueries(ProxyContext proxy)
{
    private static readonly FieldSchema CountField = new() { Id = new(0), Name = OutputSelection.Count, Type = DataType.Int64 };

    public Task<Result<QueryAnswer>> Query(QueryCall call, CancellationToken cancel) => NameMoves.Follow(proxy, call, () => Once(call, cancel));

    private async Task<Result<QueryAnswer>> Once(QueryCall call, CancellationToken cancel)
    {
        if (CheckWindow(call) is { } outside)
        {
            return outside;
        }

        if (!ReadPlan.Make(proxy, call).TryGet(out var plan, out var failure))
        {
            return failure;
        }

        var counts = OutputSelection.Counts(call.OutputFields);
        if (counts && call.Limit is not null)
        {
            return Failure.Invalid("count entities with pagination is not allowed");
        }

        if (!OutputSelection.Resolve(plan.Collection.Schema, counts ? [] : call.OutputFields, withKey: true).TryGet(out var output, out failure))
        {
            return failure;
        }

        if (!counts && call.Limit is null && plan.Filter.AlwaysMatches)
        {
            return Failure.Invalid("empty expression should be used with limit");
        }

        var freshness = proxy.Freshness(plan.Collection, call.Consistency, call.Guarantee);
        if (!(await proxy.OpenView(plan.Collection, plan.Partitions, freshness, cancel)).TryGet(out var view, out failure))
        {
            return failure;
        }

        var session = proxy.Node.Seen;
        using (view)
        {
            var spec = new QuerySpec
            {
                Filter = plan.Filter,
                Limit = call.Limit ?? (counts ? null : proxy.Memory.RowsMax + 1L),
                Offset = call.Offset,
                CountOnly = counts,
                IgnoreGrowing = call.IgnoreGrowing,
                SampleSeed = proxy.Random.NextUInt64(),
            };
            if (!(await view.Query(spec, cancel)).TryGet(out var found, out failure))
            {
                return failure;
            }

            if (!counts)
            {
                using var ownHold = new AnswerHold();
                var rows = found.Rows as RowReference[] ?? [.. found.Rows];
                return (await proxy.Memory.Answer(view, rows, output.Ids, scored: false, call.Hold ?? ownHold, cancel)).TryGet(out _, out failure)
                    ? new QueryAnswer(plan.Collection, output.Project(view.Fetch(rows, output.Ids)), output.Fields, output.Names, session)
                    : failure;
            }

            var count = new ColumnBuilder(DataType.Int64).Append(found.Count).Build();
            return new QueryAnswer(plan.Collection, new(1, [new(CountField.Id, count)]), [CountField], [OutputSelection.Count], session);
        }
    }

    private Failure? CheckWindow(QueryCall call)
    {
        if (call.Limit is { } limit && limit <= 0)
        {
            return Failure.Invalid($"limit [{limit}] is invalid, should be greater than 0");
        }

        if (call.Offset < 0)
        {
            return Failure.Invalid($"offset [{call.Offset}] is invalid, should be greater than or equal to 0");
        }

        if (call.Limit is null && call.Offset > 0)
        {
            return Failure.Invalid("offset needs a limit");
        }

        return call.Limit + call.Offset > proxy.Limits.ResultWindowMax
            ? Failure.Invalid($"invalid max query result window, (offset+limit) should be in range [1, {proxy.Limits.ResultWindowMax}], but got {call.Limit + call.Offset}")
            : null;
    }
}
