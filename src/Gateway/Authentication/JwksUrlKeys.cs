using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Gateway.Authentication;

/// <summary>Keys behind an address, kept for a while and fetched again for a name that is not among them.</summary>
/// <remarks>
/// Made-up names cost the issuer one request in 30 s at most. When the issuer cannot be reached the known keys stay in use for a day;
/// without any, every token is refused.
/// </remarks>
internal sealed class JwksUrlKeys(string url, string algorithm, TimeProvider time, ILogger<JwksUrlKeys> logger) : ITokenKeys, IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan UsableFor = TimeSpan.FromDays(1);
    private static readonly TimeSpan FetchEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(2);

    // A redirect could lead from https to anywhere.
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
    })
    {
        Timeout = TimeSpan.FromSeconds(5),
        MaxResponseContentBufferSize = 1024 * 1024,
    };

    private readonly SemaphoreSlim _oneFetch = new(1);
    private volatile Fetched _last = new(KeySet.Empty, FetchedAt: null, TriedAt: null);

    public async ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string? kid, CancellationToken cancellationToken)
    {
        if (IsDue(kid))
        {
            await _oneFetch.WaitAsync(cancellationToken);
            try
            {
                // Whoever waited here finds what the one before has fetched.
                if (IsDue(kid))
                {
                    await FetchAsync();
                }
            }
            finally
            {
                _oneFetch.Release();
            }
        }

        var last = _last;
        return Age(last.FetchedAt) < UsableFor ? last.Keys.Find(kid) : [];
    }

    public void Dispose()
    {
        _client.Dispose();
        _oneFetch.Dispose();
    }

    private bool IsDue(string? kid)
    {
        var last = _last;
        var isWanted = Age(last.FetchedAt) >= FreshFor || last.Keys.Find(kid).Count == 0;
        return isWanted && Age(last.TriedAt) >= (last.FetchedAt is null ? RetryEvery : FetchEvery);
    }

    // Not cancelled with the client that happened to be first: others wait for the same keys.
    private async Task FetchAsync()
    {
        try
        {
            var keys = KeySet.Parse(await _client.GetByteArrayAsync(new Uri(url)), algorithm);
            _last = new(keys, time.GetTimestamp(), time.GetTimestamp());
            if (keys.Count > 0)
            {
                logger.KeysRead(keys.Count, algorithm, url);
            }
            else
            {
                logger.NoKey(algorithm, url);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException)
        {
            _last = _last with { TriedAt = time.GetTimestamp() };
            logger.KeysUnreadable(url, e.GetType().Name, _last.Keys.Count);
        }
    }

    private TimeSpan Age(long? timestamp) => timestamp is { } at ? time.GetElapsedTime(at) : TimeSpan.MaxValue;

    private sealed record Fetched(KeySet Keys, long? FetchedAt, long? TriedAt);
}
