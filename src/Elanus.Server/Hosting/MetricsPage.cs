using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Elanus.Server;

/// <summary>
/// Everything that the project's meters measure, in Prometheus's text form (version 0.0.4). Histograms are given as count and sum.
/// </summary>
internal sealed class MetricsPage : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private const string MeterPrefix = "Elanus.";

    private readonly MeterListener listener = new();
    private readonly ConcurrentDictionary<(Instrument Instrument, string Labels), Series> series = new();

    public MetricsPage()
    {
        listener.InstrumentPublished = (instrument, to) =>
        {
            if (instrument.Meter.Name.StartsWith(MeterPrefix, StringComparison.Ordinal))
            {
                to.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
    }

    public string Text()
    {
        listener.RecordObservableInstruments();
        var text = new StringBuilder();
        foreach (var group in series.GroupBy(s => s.Key.Instrument).OrderBy(g => g.Key.Name, StringComparer.Ordinal))
        {
            var instrument = group.Key;
            var name = "elanus_" + instrument.Name.Replace('.', '_');
            var kind = Kind(instrument);
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {instrument.Description} (unit: {instrument.Unit})\n# TYPE {name} {kind}\n");
            foreach (var (key, value) in group.OrderBy(s => s.Key.Labels, StringComparer.Ordinal))
            {
                var labels = key.Labels.Length > 0 ? $"{{{key.Labels}}}" : "";
                if (kind == "summary")
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}_count{labels} {value.Count}\n{name}_sum{labels} {value.Sum:R}\n");
                }
                else
                {
                    text.Append(CultureInfo.InvariantCulture, $"{name}{labels} {value.Sum:R}\n");
                }
            }
        }

        return text.ToString();
    }

    public void Dispose() => listener.Dispose();

    private static string Kind(Instrument instrument)
    {
        var type = instrument.GetType().Name;
        return type.StartsWith("Histogram", StringComparison.Ordinal) ? "summary" : IsSum(type) ? "counter" : "gauge";
    }

    private static bool IsSum(string type) => type.StartsWith("Counter", StringComparison.Ordinal) || type.StartsWith("ObservableCounter", StringComparison.Ordinal);

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new StringBuilder();
        foreach (var (key, tag) in tags)
        {
            labels.Append(labels.Length > 0 ? "," : "").Append(key.Replace('.', '_')).Append("=\"").Append(tag).Append('"');
        }

        var one = series.GetOrAdd((instrument, labels.ToString()), _ => new());
        lock (one)
        {
            one.Count++;
            one.Sum = instrument.IsObservable ? value : one.Sum + value;
        }
    }

    private sealed class Series
    {
        public long Count { get; set; }

        public double Sum { get; set; }
    }
}
