using System.Collections.Concurrent;
using System.Net;

namespace Presence.Gateway.Authentication;

/// <summary>
/// Addresses from which too many tokens were refused: for a minute they are not heard, with good tokens either, so that guessing
/// tells nothing.
/// </summary>
/// <remarks>The machine's own address is not counted: behind a proxy beside the gateway everybody comes from there.</remarks>
internal sealed class FailedAttempts(AuthOptions options, TimeProvider clock)
{
    /// <summary>How long an attempt counts, and how long an address is blocked.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private const int MaxAddresses = 100_000;

    private readonly ConcurrentDictionary<IPAddress, Attempts> _addresses = new();

    public bool IsBlocked(IPAddress? address) =>
        address is not null && _addresses.TryGetValue(address, out var attempts)
        && attempts.Count > options.MaxFailuresPerMinute && clock.GetElapsedTime(attempts.Since) < Window;

    /// <summary>A token was refused.</summary>
    /// <returns>Whether the address has had too many.</returns>
    public bool Note(IPAddress? address)
    {
        if (address is null || address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback))
        {
            return false;
        }

        if (_addresses.Count >= MaxAddresses)
        {
            Forget();
        }

        var now = clock.GetTimestamp();
        return _addresses.AddOrUpdate(
            address,
            _ => new(1, now),
            (_, before) => clock.GetElapsedTime(before.Since, now) < Window ? new(before.Count + 1, before.Since) : new(1, now))
            .Count > options.MaxFailuresPerMinute;
    }

    /// <summary>Under attack from more addresses than that, the oldest attempts are the least loss.</summary>
    private void Forget()
    {
        foreach (var (address, attempts) in _addresses)
        {
            if (clock.GetElapsedTime(attempts.Since) >= Window || _addresses.Count >= MaxAddresses)
            {
                _addresses.TryRemove(address, out _);
            }
        }
    }

    private readonly record struct Attempts(int Count, long Since);
}
