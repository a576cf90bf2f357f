namespace Presence.Gateway.Sessions;

/// <summary>Whether this gateway takes connections.</summary>
internal sealed class GatewayState
{
    private volatile bool _isStarted;
    private volatile bool _isDraining;

    /// <summary>The lease has been granted, and the server listens.</summary>
    public bool IsStarted => _isStarted;

    /// <summary>The process is about to stop: connections are being sent away.</summary>
    public bool IsDraining => _isDraining;

    public bool IsReady => IsStarted && !IsDraining;

    public void Started() => _isStarted = true;

    public void Draining() => _isDraining = true;
}
