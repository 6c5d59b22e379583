using System.Collections.Immutable;
using Elanus.Clients.Etcd;
using Elanus.Clients.Postgres;

namespace Elanus.Coordination;

/// <summary>
/// Where the arbiter is, as configuration writes it:
/// <c>etcd://[USER:PASSWORD@]HOST:PORT[,HOST:PORT...][/PREFIX][?tls=true&amp;ca=FILE&amp;cert=FILE&amp;key=FILE]</c>,
/// <c>dir:/PATH</c> (a directory that exists, on a share that all nodes mount), or
/// <c>postgres://USER:PASSWORD@HOST[:PORT]/DATABASE[?sslmode=MODE&amp;sslrootcert=FILE]</c>. Users and passwords are percent-encoded where they hold other than letters
/// and digits.
/// </summary>
public sealed class ArbiterAddress
{
    private const string Allowed =
        "allowed are etcd://[USER:PASSWORD@]HOST:PORT[,HOST:PORT...][/PREFIX], dir:/PATH and postgres://USER:PASSWORD@HOST[:PORT]/DATABASE";

    private readonly EtcdOptions? etcd;
    private readonly string prefix = "elanus";
    private readonly PostgresOptions? postgres;
    private readonly string? directory;

    private ArbiterAddress(string directory)
    {
        this.directory = directory;
        Name = $"dir:{directory}";
    }

    private ArbiterAddress(EtcdOptions etcd, string prefix)
    {
        this.etcd = etcd;
        this.prefix = prefix;
        Name = $"etcd://{string.Join(',', etcd.Endpoints)}";
    }

    private ArbiterAddress(PostgresOptions postgres)
    {
        this.postgres = postgres;
        Name = PostgresClient.NameOf(postgres);
    }

    /// <summary>The address without credentials: for messages.</summary>
    public string Name { get; }

    /// <summary>The shared directory that keeps the records; null where another store does.</summary>
    public string? SharedDirectory => directory;

    /// <summary>A failure names what is wrong and what is allowed; it never shows a password.</summary>
    public static Result<ArbiterAddress> Parse(string text)
    {
        if (text.StartsWith("dir:", StringComparison.Ordinal))
        {
            var path = text["dir:".Length..];
            return path.StartsWith('/') && path.TrimEnd('/').Length > 0 && !path.Contains('\0', StringComparison.Ordinal)
                ? new ArbiterAddress(path.TrimEnd('/'))
                : Wrong($"'{text}' names no directory: dir: needs an absolute path, such as dir:/mnt/share/elanus");
        }

        var address = AddressParts.Of(text);
        return address?.Scheme switch
        {
            _ when address?.IsCutInCredentials == true => Wrong("user and password are to be percent-encoded: a '?' in them ends the address"),
            "etcd" => Etcd(address),
            "postgres" or "postgresql" => Postgres(address),
            null when text.Length == 0 => Wrong("it is empty"),
            null => Wrong("it has neither a store nor '://' in front"),
            _ => Wrong($"'{address.Scheme}' is no store that it can stand in"),
        };
    }

    /// <summary>An arbiter at this address. Nobody is contacted yet; what fails is what this machine lacks, such as a certificate's file.</summary>
    public Result<IArbiter> Open(IFileSystem files, TimeProvider time, IRandomSource random)
    {
        if (directory is not null)
        {
            return new SharedDirectoryArbiter(files, directory, SharedDirectoryOptions.Default, time, random);
        }

        if (postgres is not null)
        {
            return new PostgresArbiter(new PostgresClient(postgres with { Time = time }), random);
        }

        return EtcdClient.Create(etcd! with { Time = time }).TryGet(out var client, out var why) ? new EtcdArbiter(client, prefix, time, random) : why;
    }

    public override string ToString() => Name;

    private static Result<ArbiterAddress> Etcd(AddressParts address)
    {
        var endpoints = ImmutableArray.CreateBuilder<string>();
        foreach (var host in address.Hosts)
        {
            if (!HostPort.TryParse(host, null, out var parsed))
            {
                return Wrong($"'{host}' is not HOST:PORT with a port from 1 to 65535");
            }

            endpoints.Add(parsed.ToString());
        }

        if (address.Unknown("tls", "ca", "cert", "key") is { } unknown)
        {
            return Wrong($"etcd:// knows tls, ca, cert and key, not '{unknown}'");
        }

        var (tls, authority, certificate, key) = (address.Option("tls"), address.Option("ca"), address.Option("cert"), address.Option("key"));
        if (tls is not (null or "true" or "false"))
        {
            return Wrong($"tls is true or false, not '{tls}'");
        }

        if ((certificate is null) != (key is null))
        {
            return Wrong("cert and key come together");
        }

        if (tls == "false" && (authority ?? certificate) is not null)
        {
            return Wrong("ca and cert are of no use with tls=false");
        }

        return (address.User is null) != (address.Password is null) ? Wrong("a user of etcd needs a password: USER:PASSWORD@")
            : new ArbiterAddress(
                new()
                {
                    Endpoints = endpoints.ToImmutable(),
                    User = address.User,
                    Password = address.Password,
                    Tls = tls == "true" || authority is not null || certificate is not null,
                    AuthorityPem = authority,
                    CertificatePem = certificate,
                    KeyPem = key,
                },
                address.Path.Length > 0 ? address.Path : "elanus");
    }

    private static Result<ArbiterAddress> Postgres(AddressParts address)
    {
        const int DefaultPort = 5432;
        if (address.Hosts is not [var host] || !HostPort.TryParse(host, DefaultPort, out var parsed))
        {
            return Wrong($"'{string.Join(',', address.Hosts)}' is not one HOST[:PORT]");
        }

        if (address.User is null)
        {
            return Wrong("postgres:// needs a user: USER:PASSWORD@");
        }

        if (address.Path.Length == 0 || address.Path.Contains('/', StringComparison.Ordinal))
        {
            return Wrong("postgres:// needs the name of one database behind the host: /DATABASE");
        }

        if (address.Unknown("sslmode", "sslrootcert") is { } unknown)
        {
            return Wrong($"postgres:// knows sslmode and sslrootcert, not '{unknown}'");
        }

        var (mode, authority) = (address.Option("sslmode"), address.Option("sslrootcert"));
        PostgresTls? tls = mode switch
        {
            null => authority is null ? PostgresTls.Prefer : PostgresTls.VerifyFull,
            "disable" => PostgresTls.Disable,
            "prefer" => PostgresTls.Prefer,
            "require" => PostgresTls.Require,
            "verify-ca" => PostgresTls.VerifyCA,
            "verify-full" => PostgresTls.VerifyFull,
            _ => null,
        };
        return tls is null ? Wrong($"sslmode is disable, prefer, require, verify-ca or verify-full, not '{mode}'")
            : new ArbiterAddress(new PostgresOptions
            {
                Host = parsed.Host.Trim('[', ']'),
                Port = parsed.Port,
                Database = address.Path,
                User = address.User,
                Password = address.Password,
                Tls = tls.Value,
                AuthorityPem = authority,
            });
    }

    private static Failure Wrong(string what) => Failure.Invalid($"the arbiter's address cannot be used: {what}; {Allowed}");
}
