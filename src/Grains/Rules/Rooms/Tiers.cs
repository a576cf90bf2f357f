namespace Presence.Grains.Rules.Rooms;

/// <summary>How much is told of a room of a size.</summary>
internal static class Tiers
{
    private const int SmallestFull = 10;

    /// <summary>Up as soon as a limit is passed, down only at eight tenths of it: a room at the limit does not swing.</summary>
    public static RoomTier Of(RoomTier now, int count, int rosterLimit)
    {
        while (now < RoomTier.Counts && count > Limit(now, rosterLimit))
        {
            now++;
        }

        while (now > RoomTier.Full && count * 10L <= Limit(now - 1, rosterLimit) * 8)
        {
            now--;
        }

        return now;
    }

    public static bool IsTruncated(this RoomTier tier) => tier >= RoomTier.Sampled;

    /// <summary>The time between two updates, in windows.</summary>
    public static int Windows(this RoomTier tier) => tier switch
    {
        RoomTier.Full => 1,
        RoomTier.Coalesced => 2,
        _ => 4,
    };

    /// <summary>The most members of a tier.</summary>
    private static long Limit(RoomTier tier, int rosterLimit) => tier switch
    {
        RoomTier.Full => Math.Min(rosterLimit, Math.Max(SmallestFull, rosterLimit / 10)),
        RoomTier.Coalesced => rosterLimit,
        _ => rosterLimit * 10L,
    };
}
