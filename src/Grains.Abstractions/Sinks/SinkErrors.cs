using System.Net.Sockets;

namespace Presence.Grains.Sinks;

/// <summary>Which failures of a call to a grain pass by themselves.</summary>
internal static class SinkErrors
{
    /// <summary>What a cluster or its store throws when it cannot answer for now: the call is safe to repeat.</summary>
    public static bool IsTemporary(Exception e) =>
        e is TimeoutException or OrleansException or PresenceUnavailableException or IOException or SocketException
            or OperationCanceledException or ObjectDisposedException;
}
