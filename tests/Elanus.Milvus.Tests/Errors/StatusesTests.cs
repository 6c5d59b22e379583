using Elanus.Milvus.Protocol.Common;

namespace Elanus.Milvus.Tests.Errors;

public sealed class StatusesTests
{
    [Fact]
    public void A_success_is_zero_in_both_numberings()
    {
        var status = Statuses.Ok();
        Assert.Equal((0, ErrorCode.Success, "", false), (status.Code, status.ErrorCode, status.Reason, status.Retriable));
    }

    [Fact]
    public void Details_follow_the_phrase_in_brackets()
    {
        var status = Statuses.Of(Failure.CollectionNotFound("default", "books"));
        Assert.Equal("collection not found[database=default][collection=books]", status.Reason);
        Assert.Equal((100, ErrorCode.CollectionNotExists, false), (status.Code, status.ErrorCode, status.Retriable));
        Assert.Equal(status.Reason, status.Detail);
    }

    [Fact]
    public void A_sentence_stands_before_the_phrase()
    {
        var failure = new Failure(FailureCode.InvalidParameter, "dimension 3 is wrong", [new("expected", "4"), new("actual", "3")]);
        Assert.Equal("dimension 3 is wrong: invalid parameter[expected=4][actual=3]", FailureText.Of(failure));
    }

    [Fact]
    public void An_unexpected_failure_shows_its_sentence_alone()
    {
        var status = Statuses.Of(new Failure(FailureCode.Unexpected, "topk [0] is invalid"));
        Assert.Equal((65535, ErrorCode.UnexpectedError, "topk [0] is invalid"), (status.Code, status.ErrorCode, status.Reason));
    }

    [Fact]
    public void No_failure_has_an_empty_reason()
    {
        foreach (var code in Enum.GetValues<FailureCode>())
        {
            Assert.NotEqual("", FailureText.Of(new(code, "")));
        }
    }

    [Fact]
    public void Failures_that_a_retry_helps_say_so() => Assert.True(Statuses.Of(new Failure(FailureCode.RateLimited, "")).Retriable);

    [Fact]
    public void The_status_of_a_result_is_that_of_its_failure()
    {
        Assert.Equal(0, Statuses.Of(Result.Ok).Code);
        Assert.Equal(200, Statuses.Of(Result<Unit>.Fail(Failure.PartitionNotFound("p"))).Code);
    }
}
