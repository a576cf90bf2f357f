using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace Presence.Grains.Settings;

/// <summary>Settings that the grains and the gateways share; configuration section <c>Presence</c>.</summary>
public sealed class PresenceOptions : ICheckedOptions
{
    /// <summary>The source of what a person chooses by hand; no other source may reach its priority.</summary>
    public const string ManualSource = "manual";

    /// <summary>How long a lost connection may take to come back before others are told. Default 10 s; 0 s to 10 min.</summary>
    [Duration("0s", "10m")]
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Most devices of one user at once; the new one is refused. Default 20; 1 to 100,000.</summary>
    [Number(1, 100_000)]
    public int MaxConnectionsPerUser { get; set; } = 20;

    /// <summary>Most status changes of one user in 10 s. Default 10; 1 to 1,000,000.</summary>
    [Number(1, 1_000_000)]
    public int MaxStatusChangesPer10s { get; set; } = 10;

    /// <summary>Last seen is rounded down to a multiple of this for others. Default 1 s; 1 ms to 24 h.</summary>
    [Duration("1ms", "24h")]
    public TimeSpan LastSeenStep { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Changes of one user, or of one room, within this time after the first become one update with the last state. Default 250 ms; 0
    /// (every change is its own update) to 10 s.
    /// </summary>
    [Duration("0s", "10s")]
    public TimeSpan UpdateWindow { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a <c>typing_start</c> lasts. Default 3 s; 100 ms to 10 min.</summary>
    [Duration("100ms", "10m")]
    public TimeSpan TypingExpiry { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Most members of a room whose roster is told; above, counts and a sample are. Default 1,000; 1 to 100,000.</summary>
    [Number(1, 100_000)]
    public int RoomRosterLimit { get; set; } = 1_000;

    /// <summary>Most users whom the lobby lists; above, it counts the others. Default 1,000; 1 to 100,000.</summary>
    [Number(1, 100_000)]
    public int LobbyRosterLimit { get; set; } = 1_000;

    /// <summary>How long a gateway counts as alive after its last sign of life. Default 15 s; 1 s to 10 min.</summary>
    [Duration("1s", "10m")]
    public TimeSpan LeaseDuration { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a gateway renews its lease; at most a third of <see cref="LeaseDuration"/>. Default 5 s; 100 ms to 200 s.</summary>
    [Duration("100ms", "200s")]
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The sources of claims and their priorities, the highest wins; <c>manual</c> is what the person chooses. Default manual 100, call 80,
    /// calendar 60, bot 40; 1 to 1,000. Keys given are added to these.
    /// </summary>
    [Number(1, 1000)]
    public IReadOnlyDictionary<string, int> Claims { get; set; } =
        new Dictionary<string, int> { [ManualSource] = 100, ["call"] = 80, ["calendar"] = 60, ["bot"] = 40 };

    void ICheckedOptions.Check(SettingsErrors errors, IHostEnvironment environment)
    {
        foreach (var (source, priority) in Claims)
        {
            if (source != ManualSource && priority >= Claims[ManualSource] && !errors.Contains($"Presence:Claims:{ManualSource}"))
            {
                errors.Add(
                    $"Presence:Claims:{source}",
                    priority.ToString(CultureInfo.InvariantCulture),
                    $"be below Presence:Claims:{ManualSource} ({Claims[ManualSource]}), so that nothing overrides what a person chose");
            }
        }
    }
}
