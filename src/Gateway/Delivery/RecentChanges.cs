using Presence.Gateway.Connections;
using Presence.Grains;

namespace Presence.Gateway.Delivery;

/// <summary>
/// The latest changes that this gateway heard of, for an operator who looks on. Kept only while somebody has asked within the last ten
/// seconds: otherwise a change costs one look at a field.
/// </summary>
internal sealed class RecentChanges(TimingWheel wheel, TimeProvider clock)
{
    /// <summary>Most changes that are kept.</summary>
    public const int Capacity = 200;

    /// <summary>How long changes are kept after the last question, in milliseconds.</summary>
    public const long InterestMs = 10_000;

    private readonly object _gate = new();
    private VisibleChange[]? _ring;
    private long _last;
    private long _oldest = 1;
    private long _wantedUntil;

    /// <summary>Keeps a change, if anybody looks.</summary>
    /// <param name="before">What was shown; null when nothing was known.</param>
    /// <param name="now">What is shown.</param>
    public void Note(UserPresence? before, UserPresence now)
    {
        if (Volatile.Read(ref _wantedUntil) != 0)
        {
            Keep(before, now);
        }
    }

    /// <summary>The changes after the one of this number, the oldest first. To ask keeps the changes coming for a while.</summary>
    /// <param name="number">0, or the number of the last change that the caller has.</param>
    public RecentAnswer After(long number)
    {
        lock (_gate)
        {
            _ring ??= new VisibleChange[Capacity];
            Volatile.Write(ref _wantedUntil, wheel.NowMs + InterestMs);

            // A number from an earlier life of the process is above all of this one.
            var first = Math.Max(_oldest, number > _last ? 0 : number + 1);
            var changes = new VisibleChange[_last + 1 - first];
            for (var i = 0; i < changes.Length; i++)
            {
                changes[i] = _ring[(first + i) % Capacity];
            }

            return new(_last, changes);
        }
    }

    private void Keep(UserPresence? before, UserPresence now)
    {
        lock (_gate)
        {
            if (wheel.NowMs > _wantedUntil)
            {
                // Nobody looks any more: what comes next must not seem to follow what is kept.
                Volatile.Write(ref _wantedUntil, 0);
                _ring = null;
                _oldest = _last + 1;
                return;
            }

            var number = ++_last;
            _oldest = Math.Max(_oldest, number - Capacity + 1);
            _ring![number % Capacity] = new(number, clock.GetUtcNow().UtcDateTime, now.UserId, before?.Status, now.Status, KindOf(before, now), now.Version);
        }
    }

    private static ChangeKind KindOf(UserPresence? before, UserPresence now) =>
        before?.Status != now.Status ? ChangeKind.Status
        : before.Policy != now.Policy || before.Shown != now.Shown ? ChangeKind.Privacy
        : ChangeKind.Said;
}

/// <summary>What is new.</summary>
/// <param name="Last">The number of the last change; 0 before the first.</param>
/// <param name="Changes">The oldest first.</param>
internal readonly record struct RecentAnswer(long Last, VisibleChange[] Changes);

/// <summary>A change of what others see of a user, as far as they may see everything.</summary>
/// <param name="Number">Rises by one with each.</param>
/// <param name="At">When this gateway heard of it.</param>
/// <param name="UserId">Whose.</param>
/// <param name="From">The status before; null when the gateway knew nothing of the user.</param>
/// <param name="To">The status since.</param>
/// <param name="Kind">What of it is new.</param>
/// <param name="Version">The version of the presence.</param>
internal readonly record struct VisibleChange(
    long Number, DateTime At, string UserId, PresenceStatus? From, PresenceStatus To, ChangeKind Kind, long Version);

/// <summary>What of a presence is new.</summary>
internal enum ChangeKind : byte
{
    /// <summary>The status.</summary>
    Status,

    /// <summary>What the user says of itself.</summary>
    Said,

    /// <summary>Whom the user shows itself to.</summary>
    Privacy,
}
