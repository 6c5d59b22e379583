namespace Elanus.Milvus.Tests.Errors;

public sealed class ErrorKindsTests
{
    /// <summary>The failure without a kind stands in no table: its number is the clients' word for "anything else".</summary>
    private const int UnexpectedCode = 65535;

    public static TheoryData<FailureCode> All => [.. Enum.GetValues<FailureCode>()];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_failure_code_has_a_kind(FailureCode code) => Assert.True(ErrorKinds.Of(code).Code > 0);

    [Fact]
    public void No_two_codes_share_a_number() =>
        Assert.Equal(Enum.GetValues<FailureCode>().Length, Enum.GetValues<FailureCode>().Select(c => ErrorKinds.Of(c).Code).Distinct().Count());

    [ErrorFactsFact]
    public void Numbers_phrases_and_retriability_are_those_of_the_facts()
    {
        var facts = ErrorFacts.Read();
        foreach (var code in Enum.GetValues<FailureCode>())
        {
            var kind = ErrorKinds.Of(code);
            if (kind.Code == UnexpectedCode)
            {
                continue;
            }

            Assert.True(facts.TryGetValue(kind.Code, out var fact), $"{code} has the number {kind.Code}, which the facts do not know");
            Assert.Equal(fact, new(kind.Phrase, kind.Retriable));
        }
    }
}
