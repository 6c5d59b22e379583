using Elanus.Milvus.Protocol.Schema;
using Elanus.Milvus.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Milvus.Tests.Wire;

public sealed class WireWriterTests
{
    [Fact]
    public void What_is_written_is_what_protobuf_reads_and_would_write() => Prop.ForAll<long[], float[], NonNull<string>[]>((numbers, floats, texts) =>
    {
        var number = numbers.Length > 0 ? numbers[0] : 0;
        string[] names = [.. texts.Select(t => new string([.. t.Get.Where(c => !char.IsSurrogate(c))]))];
        var keys = new WireWriter();
        keys.Packed(LongArray.DataFieldNumber, numbers);
        var ids = new WireWriter();
        ids.Message(IDs.IntIdFieldNumber, keys);
        var written = new WireWriter();
        written.Number(SearchResultData.NumQueriesFieldNumber, (ulong)number);
        written.Packed(SearchResultData.ScoresFieldNumber, floats);
        written.Message(SearchResultData.IdsFieldNumber, ids);
        foreach (var name in names)
        {
            written.Element(SearchResultData.OutputFieldsFieldNumber, name);
        }

        written.Message(SearchResultData.SearchIteratorV2ResultsFieldNumber, new SearchIteratorV2Results { Token = "t", LastBound = 1 });
        written.Text(SearchResultData.PrimaryFieldNameFieldNumber, names.FirstOrDefault() ?? "");

        var meant = new SearchResultData
        {
            NumQueries = number,
            Scores = { floats },
            Ids = new() { IntId = new() { Data = { numbers } } },
            OutputFields = { names },
            SearchIteratorV2Results = new() { Token = "t", LastBound = 1 },
            PrimaryFieldName = names.FirstOrDefault() ?? "",
        };
        Assert.Equal(meant, SearchResultData.Parser.ParseFrom(written.Written.Span));
        Assert.Equal(meant.CalculateSize(), written.Written.Length);
    }).QuickCheckThrowOnFailure();
}
