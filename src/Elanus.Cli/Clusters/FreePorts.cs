using System.Net;
using System.Net.Sockets;

namespace Elanus.Cli;

/// <summary>Ports of loopback that were free just now.</summary>
internal static class FreePorts
{
    /// <summary>All different.</summary>
    public static int[] Find(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }
}
