using System.Security.Cryptography;

namespace Presence.Gateway.Sessions;

/// <summary>Whether this gateway takes connections.</summary>
internal sealed class GatewayState
{
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isDraining;

    /// <summary>The lease has been granted, the server listens and has warmed up.</summary>
    public bool IsStarted => _started.Task.IsCompleted;

    /// <summary>Who comes between the moment at which the server listens and that one waits for it.</summary>
    public Task WhenStarted => _started.Task;

    /// <summary>The process is about to stop: connections are being sent away.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>What lets <see cref="WarmUp"/> in before anybody else: the key of its handshake and its token, which nobody outside can know.</summary>
    public string WarmUpKey { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));

    public bool IsReady => IsStarted && !IsDraining;

    public void Started() => _started.SetResult();

    public void Draining() => _isDraining = true;
}
