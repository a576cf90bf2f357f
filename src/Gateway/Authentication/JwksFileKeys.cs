using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Presence.Gateway.Authentication;

/// <summary>Keys in a file, taken anew when it changes.</summary>
/// <remarks>
/// The text is compared, not its time: a mounted secret is a chain of links, where the time of the file itself never changes. It is
/// a few kilobytes, read at most once a second and only while somebody authenticates.
/// </remarks>
internal sealed class JwksFileKeys : ITokenKeys
{
    private static readonly TimeSpan CheckEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly string _path;
    private readonly string _algorithm;
    private readonly TimeProvider _time;
    private readonly ILogger<JwksFileKeys> _logger;
    private byte[] _text = [];
    private string? _lastFailure;
    private KeySet _keys = KeySet.Empty;
    private long _checkedAt;

    public JwksFileKeys(string path, string algorithm, TimeProvider time, ILogger<JwksFileKeys> logger)
    {
        (_path, _algorithm, _time, _logger) = (path, algorithm, time, logger);
        _checkedAt = time.GetTimestamp();
        Read();
    }

    public ValueTask<IReadOnlyList<SecurityKey>> FindAsync(string? kid, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_time.GetElapsedTime(_checkedAt) >= CheckEvery)
            {
                _checkedAt = _time.GetTimestamp();
                Read();
            }

            return new(_keys.Find(kid));
        }
    }

    private void Read()
    {
        try
        {
            var text = File.ReadAllBytes(_path);
            if (text.AsSpan().SequenceEqual(_text))
            {
                return;
            }

            _keys = KeySet.Parse(text, _algorithm);
            _text = text;
            _lastFailure = null;
            LogRead();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // Half written, perhaps: what was known stays, and the next look may find it whole. Said once, not every second.
            if (_lastFailure != e.GetType().Name)
            {
                _lastFailure = e.GetType().Name;
                _logger.KeysUnreadable(_path, _lastFailure, _keys.Count);
            }
        }
    }

    private void LogRead()
    {
        if (_keys.Count > 0)
        {
            _logger.KeysRead(_keys.Count, _algorithm, _path);
        }
        else
        {
            _logger.NoKey(_algorithm, _path);
        }
    }
}
