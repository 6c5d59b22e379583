using System.Collections.Immutable;

namespace Elanus.Server;

/// <summary>
/// Reads a configuration from flags, the environment and a file, in this order of precedence, and reports everything that is wrong with it
/// at once. A value that another one hides is checked all the same.
/// </summary>
public static class ConfigurationReader
{
    private const string ConfigFlag = "--config";

    private static readonly ImmutableDictionary<string, Setting> ByName = Settings.All.ToImmutableDictionary(s => KeyNames.Canonical(s.Key));

    public static ConfigurationOutcome Read(ConfigurationInputs inputs)
    {
        var errors = new List<string>();
        var warnings = new List<string>();
        var given = new List<SettingValue>();
        FromFile(inputs, given, errors, warnings);
        FromEnvironment(inputs, given, errors);
        FromFlags(inputs, given, errors);

        var faulty = given.Select(v => (Value: v, Fault: v.Setting.Fault(v.Text))).Where(v => v.Fault is not null).ToList();
        errors.AddRange(faulty.Select(v => $"{v.Value.Origin}: {v.Value.Setting.Key}: {v.Fault}"));
        var holding = Settings.All.Select(s => given.LastOrDefault(v => v.Setting == s) ?? new(s, s.Default, "default")).ToList();
        if (errors.Count > 0)
        {
            return new(null, errors, warnings, holding);
        }

        var configuration = Typed(holding.ToDictionary(v => v.Setting, v => v.Text));
        errors.AddRange(BetweenSettings(configuration, holding.ToDictionary(v => v.Setting, v => v.Origin)));
        return new(errors.Count == 0 ? configuration : null, errors, warnings, holding);
    }

    private static void FromFile(ConfigurationInputs inputs, List<SettingValue> given, List<string> errors, List<string> warnings)
    {
        var unused = new List<string>();
        var lines = new Dictionary<Setting, long>();
        foreach (var leaf in YamlKeys.Read(inputs.FileText ?? "", inputs.FileName, errors))
        {
            var origin = $"{inputs.FileName}:{leaf.Line}";
            if (!ByName.TryGetValue(KeyNames.Canonical(leaf.Key), out var setting))
            {
                var nearest = KeyNames.Nearest(leaf.Key, Settings.All.Select(s => s.Key));
                if (leaf.IsNull && IsSection(leaf.Key))
                {
                    continue;
                }

                if (KeyNames.IsInMilvusSection(leaf.Key))
                {
                    var meant = nearest is not null && KeyNames.Edits(leaf.Key, nearest) <= 2 ? $", meant {nearest}?" : "";
                    unused.Add($"{leaf.Key} (line {leaf.Line}{meant})");
                }
                else
                {
                    errors.Add($"{origin}: {leaf.Key}: no such key{(nearest is null ? "" : $"; the nearest is {nearest}")}");
                }
            }
            else if (leaf.Text is null)
            {
                errors.Add($"{origin}: {setting.Key}: a list stands where one value is needed");
            }
            else if (!lines.TryAdd(setting, leaf.Line))
            {
                errors.Add($"{origin}: {setting.Key}: given already in line {lines[setting]}");
            }
            else if (leaf.IsNull)
            {
                errors.Add($"{origin}: {setting.Key}: no value");
            }
            else
            {
                given.Add(new(setting, leaf.Text, origin));
            }
        }

        if (unused.Count > 0)
        {
            warnings.Add($"{inputs.FileName}: keys of Milvus that Elanus does not use: {string.Join(", ", unused)}");
        }
    }

    private static void FromEnvironment(ConfigurationInputs inputs, List<SettingValue> given, List<string> errors)
    {
        foreach (var same in inputs.Environment.OrderBy(v => v.Key, StringComparer.Ordinal).GroupBy(v => KeyNames.Canonical(v.Key)))
        {
            if (!ByName.TryGetValue(same.Key, out var setting))
            {
                continue;
            }

            if (same.Select(v => v.Value).Distinct().Count() > 1)
            {
                errors.Add($"environment: {setting.Key}: {string.Join(" and ", same.Select(v => v.Key))} set it to different values");
            }

            given.Add(new(setting, same.First().Value, $"environment variable {same.First().Key}"));
        }
    }

    private static void FromFlags(ConfigurationInputs inputs, List<SettingValue> given, List<string> errors)
    {
        foreach (var (flag, text) in inputs.Flags)
        {
            given.Add(new(Settings.All.First(s => s.Flag == flag), text, flag));
        }

        foreach (var word in inputs.UnknownWords)
        {
            var name = word.Split('=')[0];
            var nearest = name.StartsWith('-') ? KeyNames.Nearest(name, Settings.All.Select(s => s.Flag).OfType<string>().Append(ConfigFlag)) : null;
            errors.Add($"{name}: no such {(name.StartsWith('-') ? "flag" : "argument")}{(nearest is null ? "" : $"; the nearest is {nearest}")}");
        }
    }

    private static bool IsSection(string key) =>
        KeyNames.IsInMilvusSection(key) || Settings.All.Any(s => s.Key.StartsWith(key + ".", StringComparison.OrdinalIgnoreCase));

    private static ServerConfiguration Typed(Dictionary<Setting, string> texts)
    {
        T Of<T>(Setting<T> setting) => setting.Parse(texts[setting]);
        return new()
        {
            DataPath = Of(Settings.DataPath),
            Host = Of(Settings.Host),
            Port = Of(Settings.Port),
            MetricsPort = Of(Settings.MetricsPort),
            Advertise = Of(Settings.Advertise),
            Tls = new(Of(Settings.Tls), Of(Settings.TlsCertificate), Of(Settings.TlsKey), Of(Settings.TlsClientAuthority)),
            AuthorizationEnabled = Of(Settings.Authorization),
            DefaultRootPassword = Of(Settings.RootPassword),
            GracefulTime = TimeSpan.FromMilliseconds(Of(Settings.GracefulTimeMs)),
            StopTimeout = TimeSpan.FromSeconds(Of(Settings.StopTimeoutSeconds)),
            Limits = new()
            {
                NameLengthMax = Of(Settings.NameLengthMax),
                FieldsMax = Of(Settings.FieldsMax),
                VectorFieldsMax = Of(Settings.VectorFieldsMax),
                ShardsMax = Of(Settings.ShardsMax),
                DimensionMax = Of(Settings.DimensionMax),
                TextLengthMax = Of(Settings.TextLengthMax),
                PartitionsMax = Of(Settings.PartitionsMax),
                DatabasesMax = Of(Settings.DatabasesMax),
                ReceivedBytesMax = Of(Settings.ReceivedBytesMax),
                SentBytesMax = Of(Settings.SentBytesMax),
                TopKMax = Of(Settings.TopKMax),
                QueriesMax = Of(Settings.QueriesMax),
                ResultWindowMax = Of(Settings.ResultWindowMax),
                OutputBytesMax = Of(Settings.OutputBytesMax),
                ReadBytesMax = Of(Settings.ReadBytesMax),
            },
            SegmentBytesMax = (long)Of(Settings.SegmentMegabytesMax) << 20,
            Cluster = new(
                Of(Settings.ClusterName), Of(Settings.ClusterArbiter), Of(Settings.ClusterToken), Of(Settings.MinInSync), Of(Settings.Forwarding), Of(Settings.StandbyReads)),
            Log = new(Of(Settings.LogFileBytes), Of(Settings.LogQueueRecordsMax), Of(Settings.LogQueueBytesMax)),
            CheckpointLogBytes = Of(Settings.CheckpointLogBytes),
            LogLevel = Of(Settings.LogLevel),
        };
    }

    /// <summary>What only two settings together can get wrong.</summary>
    private static IEnumerable<string> BetweenSettings(ServerConfiguration c, Dictionary<Setting, string> origins)
    {
        if (c.Port == c.MetricsPort && c.Port != 0)
        {
            yield return $"{origins[Settings.MetricsPort]}: {Settings.MetricsPort.Key}: {c.Port} is {Settings.Port.Key} too";
        }

        if (c.Cluster.IsClustered && c.Cluster.Arbiter.Length == 0)
        {
            yield return $"{origins[Settings.ClusterName]}: {Settings.ClusterArbiter.Key}: needed, for {Settings.ClusterName.Key} is {c.Cluster.Name}";
        }

        if (!c.Cluster.IsClustered && c.Cluster.Arbiter.Length > 0)
        {
            yield return $"{origins[Settings.ClusterArbiter]}: {Settings.ClusterName.Key}: needed, for {Settings.ClusterArbiter.Key} is set";
        }

        if (c.Cluster.IsClustered && HostAndPort.IsAnyAddress(c.Advertise?.Host ?? c.Host))
        {
            var at = c.Advertise is null ? Settings.Host : (Setting)Settings.Advertise;
            yield return $"{origins[at]}: {Settings.Advertise.Key}: needed, for other nodes cannot reach {at.Key} {c.Advertise?.Host ?? c.Host}; say where they reach this one";
        }

        (Setting<string> Setting, string Path, TlsMode From)[] files =
        [
            (Settings.TlsCertificate, c.Tls.CertificatePath, TlsMode.OneWay),
            (Settings.TlsKey, c.Tls.KeyPath, TlsMode.OneWay),
            (Settings.TlsClientAuthority, c.Tls.ClientAuthorityPath, TlsMode.Mutual),
        ];
        foreach (var (setting, path, from) in files)
        {
            if (c.Tls.Mode >= from && path.Length == 0)
            {
                yield return $"{origins[Settings.Tls]}: {setting.Key}: needed, for {Settings.Tls.Key} is {(int)c.Tls.Mode}";
            }
        }
    }
}
