namespace Presence.Client;

/// <summary>How a <see cref="PresenceClient"/> connects, and as whom.</summary>
public sealed class PresenceClientOptions
{
    /// <summary>The gateway: <c>ws://</c>, <c>wss://</c>, <c>http://</c> or <c>https://</c>, with its path, usually <c>/ws</c>.</summary>
    public required Uri Url { get; set; }

    /// <summary>Who signs in: 1 to 128 characters, the <c>sub</c> of the token.</summary>
    public required string UserId { get; set; }

    /// <summary>Called before every connection and before a token expires. Failing is a failed attempt; the next one asks again.</summary>
    public required Func<CancellationToken, ValueTask<string>> TokenProvider { get; set; }

    /// <summary>Names this running client: the same id within the grace period takes the place of a lost connection. Default: a new one.</summary>
    public string DeviceId { get; set; } = Guid.NewGuid().ToString("N");

    /// <summary>Default <see cref="DeviceType.Desktop"/>.</summary>
    public DeviceType DeviceType { get; set; } = DeviceType.Desktop;

    /// <summary>What the user calls this device; none by default.</summary>
    public string? DeviceName { get; set; }

    /// <summary>When to come back after a loss. Default: full jitter up to 8 s, after ten attempts up to 30 s, for ever.</summary>
    public IPresenceRetryPolicy RetryPolicy { get; set; } = new FullJitterRetryPolicy();

    /// <summary>From the first byte to <c>authenticated</c>, the token included. Default 20 s.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a call waits for its answer. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How many events wait for a reader that is slow. Default 10,000; beyond that the oldest are dropped, and the reader finds the truth
    /// in <see cref="PresenceClient.Find"/>.
    /// </summary>
    public int EventCapacity { get; set; } = 10_000;

    /// <summary>The clock; another one for tests.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <exception cref="ArgumentException">A value is out of its range.</exception>
    internal void Check()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(UserId);
        ArgumentException.ThrowIfNullOrWhiteSpace(DeviceId);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ConnectTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(RequestTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(EventCapacity, 1);
        if (Address.Scheme is not ("ws" or "wss"))
        {
            throw new ArgumentException("The address must begin with ws, wss, http or https", nameof(Url));
        }
    }

    internal Uri Address => Url.Scheme is "http" or "https" ? new UriBuilder(Url) { Scheme = Url.Scheme == "http" ? "ws" : "wss" }.Uri : Url;
}
