using FsCheck;
using FsCheck.Fluent;

namespace Elanus.Server.Tests.Configuration;

public sealed class ConfigurationReaderTests
{
    [Fact]
    public void Without_any_input_the_defaults_hold()
    {
        var outcome = ConfigurationReader.Read(new());
        Assert.Empty(outcome.Errors);
        Assert.Empty(outcome.Warnings);
        var c = outcome.Configuration!;
        Assert.Equal(("./elanus-data", "127.0.0.1", 19530, 9091), (c.DataPath, c.Host, c.Port, c.MetricsPort));
        Assert.Equal((TlsMode.None, false, "Milvus"), (c.Tls.Mode, c.AuthorizationEnabled, c.DefaultRootPassword));
        Assert.Equal((TimeSpan.FromSeconds(5), 16384, 67_108_864), (c.GracefulTime, c.Limits.TopKMax, c.Limits.ReceivedBytesMax));
        Assert.Null(c.Advertise);
        Assert.Equal(1L << 30, c.SegmentBytesMax);
    }

    [Fact]
    public void A_flag_goes_before_the_environment_before_the_file_before_the_default()
    {
        var file = "proxy:\n  port: 1001\n  maxFieldNum: 10\n  maxShardNum: 4\n";
        var outcome = ConfigurationReader.Read(new()
        {
            FileText = file,
            Environment = new Dictionary<string, string> { ["PROXY_PORT"] = "1002", ["PROXY_MAX_FIELD_NUM"] = "20" },
            Flags = new Dictionary<string, string> { ["--port"] = "1003" },
        });
        Assert.Empty(outcome.Errors);
        Assert.Equal((1003, 20, 4), (outcome.Configuration!.Port, outcome.Configuration.Limits.FieldsMax, outcome.Configuration.Limits.ShardsMax));
        Assert.Equal(
            ["--port", "environment variable PROXY_MAX_FIELD_NUM", "elanus.yaml:4", "default"],
            new Setting[] { Settings.Port, Settings.FieldsMax, Settings.ShardsMax, Settings.Host }.Select(s => outcome.Values.Single(v => v.Setting == s).Origin));
    }

    [Theory]
    [InlineData("PROXY_PORT")]
    [InlineData("proxy.port")]
    [InlineData("Proxy/Port")]
    public void Names_are_compared_as_Milvus_compares_them(string variable)
    {
        var outcome = ConfigurationReader.Read(new() { Environment = new Dictionary<string, string> { [variable] = "1234", ["UNKNOWN_TO_ELANUS"] = "x" } });
        Assert.Equal(1234, outcome.Configuration!.Port);
    }

    [Fact]
    public void All_errors_are_reported_at_once_each_with_its_place_and_key()
    {
        const string file = """
            proxy:
              port: seventy
              maxFieldNum: 0
            elanus:
              dataPat: /somewhere
            tls:
              serverPemPath: [a, b]
            """;
        var outcome = ConfigurationReader.Read(new()
        {
            FileText = file,
            FileName = "my.yaml",
            Environment = new Dictionary<string, string> { ["COMMON_SECURITY_TLSMODE"] = "7", ["LOG_LEVEL"] = "loud" },
            Flags = new Dictionary<string, string> { ["--metrics-port"] = "70000", ["--advertise"] = "here" },
            UnknownWords = ["--prot=5", "hello"],
        });
        Assert.Null(outcome.Configuration);
        Assert.Equal(
            [
                "my.yaml:5: elanus.dataPat: no such key; the nearest is elanus.dataPath",
                "my.yaml:7: tls.serverPemPath: a list stands where one value is needed",
                "--prot: no such flag; the nearest is --port",
                "hello: no such argument",
                "my.yaml:2: proxy.port: 'seventy' is not a whole number from 0 to 65535",
                "my.yaml:3: proxy.maxFieldNum: '0' is not a whole number from 1 to 1024",
                "environment variable COMMON_SECURITY_TLSMODE: common.security.tlsMode: '7' is not one of 0, 1, 2",
                "environment variable LOG_LEVEL: log.level: 'loud' is not one of trace, debug, info, warn, error, fatal",
                "--metrics-port: metrics.port: '70000' is not a whole number from 0 to 65535",
                "--advertise: elanus.advertise: 'here' is not HOST:PORT with a port from 1 to 65535",
            ],
            outcome.Errors);
    }

    [Fact]
    public void A_value_that_another_hides_is_checked_all_the_same()
    {
        var outcome = ConfigurationReader.Read(new() { FileText = "proxy: { port: x }", Flags = new Dictionary<string, string> { ["--port"] = "1" } });
        Assert.Equal(["elanus.yaml:1: proxy.port: 'x' is not a whole number from 0 to 65535"], outcome.Errors);
    }

    [Fact]
    public void Keys_of_Milvus_that_Elanus_does_not_use_are_named_in_one_warning()
    {
        const string file = """
            etcd:
              endpoints: [ "localhost:2379" ]
              rootPath: by-dev
            minio:
            proxy:
              prot: 5
              timeTickInterval: 200
            """;
        var outcome = ConfigurationReader.Read(new() { FileText = file });
        Assert.Empty(outcome.Errors);
        Assert.Equal(
            ["elanus.yaml: keys of Milvus that Elanus does not use: etcd.endpoints (line 2), etcd.rootPath (line 3), proxy.prot (line 6, meant proxy.port?), proxy.timeTickInterval (line 7)"],
            outcome.Warnings);
    }

    [Theory]
    [InlineData("no colon here", "elanus.yaml:1: the file is not made of 'key: value' lines")]
    [InlineData("proxy:\n  port: 1\n  port: 2\n", "elanus.yaml:3: not YAML: Duplicate key port")]
    [InlineData("proxy:\n  port: 1\nproxy.Port: 2\n", "elanus.yaml:3: proxy.port: given already in line 2")]
    [InlineData("proxy:\n  port:\n", "elanus.yaml:2: proxy.port: no value")]
    [InlineData("metric:\n  port: 1\n", "elanus.yaml:2: metric.port: no such key; the nearest is metrics.port")]
    [InlineData("entirely: different\n", "elanus.yaml:1: entirely: no such key")]
    [InlineData("---\na: 1\n---\nb: 2\n", "elanus.yaml: more than one YAML document")]
    [InlineData("elanus:\n  dataPath: ''\n", "elanus.yaml:2: elanus.dataPath: it is empty")]
    public void What_is_wrong_with_a_file_is_named_by_line_and_key(string file, string error) =>
        Assert.Equal([error], ConfigurationReader.Read(new() { FileText = file }).Errors);

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("proxy:\nelanus: {}\n")]
    [InlineData("tls:\n  serverPemPath: ''\n")]
    public void A_file_may_say_nothing(string file) => Assert.Empty(ConfigurationReader.Read(new() { FileText = file }).Errors);

    [Fact]
    public void What_one_setting_needs_of_another_is_checked()
    {
        var outcome = ConfigurationReader.Read(new()
        {
            FileText = "common: { security: { tlsMode: 2 } }\ntls: { serverPemPath: a.pem }",
            Flags = new Dictionary<string, string> { ["--port"] = "9091" },
        });
        Assert.Equal(
            [
                "default: metrics.port: 9091 is proxy.port too",
                "elanus.yaml:1: tls.serverKeyPath: needed, for common.security.tlsMode is 2",
                "elanus.yaml:1: tls.caPemPath: needed, for common.security.tlsMode is 2",
            ],
            outcome.Errors);
    }

    [Theory]
    [InlineData("0.0.0.0", null, "--host: elanus.advertise: needed, for other nodes cannot reach elanus.host 0.0.0.0; say where they reach this one")]
    [InlineData("::", null, "--host: elanus.advertise: needed, for other nodes cannot reach elanus.host ::; say where they reach this one")]
    [InlineData("0.0.0.0", "0.0.0.0:19530", "--advertise: elanus.advertise: needed, for other nodes cannot reach elanus.advertise 0.0.0.0; say where they reach this one")]
    [InlineData("0.0.0.0", "hawk:19530", null)]
    [InlineData("10.0.0.1", null, null)]
    public void A_member_says_where_others_reach_it(string host, string? advertise, string? error)
    {
        var flags = new Dictionary<string, string> { ["--host"] = host };
        if (advertise is not null)
        {
            flags["--advertise"] = advertise;
        }

        Assert.Empty(ConfigurationReader.Read(new() { Flags = flags }).Errors);
        flags["--cluster"] = "kites";
        flags["--arbiter"] = "dir:/tmp";
        Assert.Equal(error is null ? [] : new List<string> { error }, ConfigurationReader.Read(new() { Flags = flags }).Errors);
    }

    [Fact]
    public void Two_variables_of_one_key_must_agree()
    {
        var outcome = ConfigurationReader.Read(new() { Environment = new Dictionary<string, string> { ["PROXY_PORT"] = "1", ["proxy_port"] = "2" } });
        Assert.Equal(["environment: proxy.port: PROXY_PORT and proxy_port set it to different values"], outcome.Errors);
    }

    [Theory]
    [InlineData(":\0{a")]
    [InlineData(":\r{\u0085\\")]
    [InlineData("...\t0")]
    [InlineData("? :")]
    [InlineData("!<>")]
    public void A_text_that_the_yaml_library_stumbles_over_is_an_error_of_the_file(string text)
    {
        var outcome = ConfigurationReader.Read(new() { FileText = text });
        Assert.Null(outcome.Configuration);
        Assert.All(outcome.Errors, error => Assert.StartsWith("elanus.yaml:", error, StringComparison.Ordinal));
    }

    [Fact]
    public void No_text_breaks_the_reader() => Prop.ForAll<string?>(IsReadOrRefused).QuickCheckThrowOnFailure();

    /// <summary>Texts of the characters that mean something in YAML, which find more of its corners than any characters do.</summary>
    [Fact]
    public void No_text_of_yamls_own_characters_breaks_the_reader() =>
        Prop.ForAll(
            Gen.Elements(":-?[]{},#&*!|>'\"%@`~\\ \n\r\tab01.<=\0\u001b\u0085\u2028\ufeff".ToArray()).ListOf().Select(characters => string.Concat(characters)).ToArbitrary(),
            IsReadOrRefused).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static bool IsReadOrRefused(string? text)
    {
        var outcome = ConfigurationReader.Read(new() { FileText = text, Flags = new Dictionary<string, string> { ["--advertise"] = text ?? "" } });
        return outcome.Configuration is null == outcome.Errors.Count > 0;
    }
}
