namespace Presence.Harness.Checking;

/// <summary>Something that happened, as one client saw it.</summary>
/// <param name="At">Since the recorder began, on a clock that nobody sets.</param>
public abstract record Entry(TimeSpan At);

/// <summary>A client was shown a user.</summary>
/// <param name="Client">Who was shown it.</param>
/// <param name="User">Who was shown.</param>
/// <param name="IsOwn">The view of a user's own connections, which counts versions of its own.</param>
public sealed record Seen(TimeSpan At, string Client, string User, string Status, long Version, DateTimeOffset? LastSeen = null, bool IsOwn = false)
    : Entry(At)
{
    public bool IsOffline => Status == "offline";
}

/// <summary>A client was let in.</summary>
public sealed record Connected(TimeSpan At, string Client, string User) : Entry(At);

/// <summary>A connection has ended, or an attempt to make one of which nobody knows whether it was heard.</summary>
/// <param name="LastHeard">When the last frame came; of an attempt in vain the same as <paramref name="At"/>.</param>
/// <param name="IsClean">The person left on purpose, and the server has heard it.</param>
public sealed record Ended(TimeSpan At, string Client, string User, TimeSpan LastHeard, bool IsClean = false) : Entry(At);

/// <summary>A person chose a status, for all devices.</summary>
/// <param name="Number">Of the choice, counted over all users.</param>
public sealed record Chosen(TimeSpan At, string User, string Status, int Number) : Entry(At);

/// <summary>The server confirmed a choice.</summary>
public sealed record Acknowledged(TimeSpan At, string User, int Number) : Entry(At);

/// <summary>A client was told that what it holds may be out of date, or is no longer so.</summary>
/// <param name="Users">Null for all.</param>
public sealed record Blinded(TimeSpan At, string Client, IReadOnlyList<string>? Users, bool IsStale) : Entry(At);

/// <summary>The server answered with an error, or closed with a code of its own.</summary>
/// <param name="What">The code.</param>
public sealed record Refused(TimeSpan At, string Client, string What) : Entry(At);

/// <summary>What a new connection was told that asked a gateway.</summary>
/// <param name="Gateway">By name.</param>
public sealed record Answer(TimeSpan At, string Gateway, string User, string Status, long Version, DateTimeOffset? LastSeen = null) : Entry(At);
