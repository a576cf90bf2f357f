namespace Presence.Grains;

/// <summary>What one user says of itself, and whom it shows itself to. The other face of <see cref="IUserPresenceGrain"/>.</summary>
/// <remarks>
/// Key: the user id, as there; the same grain answers. Everything here is stored before it is published or acknowledged, and every
/// call is safe to repeat.
/// </remarks>
[Alias("presence.user-self")]
public interface IUserSelfGrain : IGrainWithStringKey
{
    /// <summary>The user's own view, as its connections have it. For the user itself only.</summary>
    [Alias("GetOwn")]
    ValueTask<OwnPresence> GetOwnAsync();

    /// <summary>The person says something in its own words, until it says otherwise or the time is over; null: nothing any more.</summary>
    /// <exception cref="ArgumentException">The text is empty or too long.</exception>
    [Alias("SetCustomStatus")]
    ValueTask SetCustomStatusAsync(CustomStatus? status);

    /// <summary>What the person does at a device. The latest one shows; it ends with its time or its device.</summary>
    /// <param name="connectionId">The connection of the device.</param>
    /// <param name="activity">A JSON object, without white space; null: nothing any more.</param>
    /// <param name="expiresIn">How long it lasts; null: until changed.</param>
    /// <returns><see cref="Refusal.None"/>, or <see cref="Refusal.UnknownConnection"/>: connect again first.</returns>
    [Alias("SetActivity")]
    ValueTask<Refusal> SetActivityAsync(string connectionId, string? activity, TimeSpan? expiresIn);

    /// <summary>What the application keeps with the user; null: nothing any more.</summary>
    [Alias("SetMetadata")]
    ValueTask SetMetadataAsync(string? metadata);

    /// <summary>
    /// A device has been out of sight of its person for a while: it is away. Or it is in sight again: it is online, unless it was the
    /// person that said otherwise. What was chosen for the user stays.
    /// </summary>
    /// <returns>What the device now says of itself; offline when the connection is not, or no longer, one of this user's.</returns>
    [Alias("SetHidden")]
    ValueTask<PresenceStatus> SetHiddenAsync(string connectionId, bool isHidden);

    /// <summary>
    /// Sets the status that a person chooses by hand, without a device: away, busy, dnd or invisible for the whole user; online takes the
    /// choice back.
    /// </summary>
    /// <returns>What the user now shows to others.</returns>
    /// <exception cref="ArgumentException">Any other status.</exception>
    [Alias("Choose")]
    ValueTask<PresenceStatus> ChooseAsync(PresenceStatus status, DateTimeOffset? expiresAt);

    /// <summary>Removes every device at once, without grace, and has its connections closed.</summary>
    /// <returns>How many there were.</returns>
    [Alias("SignOut")]
    ValueTask<int> SignOutAsync();

    /// <summary>The user's devices are in this room no more, and their connections are told. The room itself is told by the caller.</summary>
    /// <returns>The ids of the devices, in the room or not.</returns>
    [Alias("ExitRoomEverywhere")]
    ValueTask<string[]> ExitRoomEverywhereAsync(string roomId);

    /// <summary>Whom the user shows itself to.</summary>
    [Alias("GetPrivacy")]
    ValueTask<PrivacySettings> GetPrivacyAsync();

    /// <summary>Changes whom the user shows itself to, at once also for those who watch. Returns what holds now.</summary>
    [Alias("SetPrivacy")]
    ValueTask<PrivacySettings> SetPrivacyAsync(PrivacyChange change);

    /// <summary>Changes a list of other users, at once also for those who watch.</summary>
    /// <param name="list">Which list.</param>
    /// <param name="act">What is done to it.</param>
    /// <param name="userIds">The users; one that is named twice counts once. The user itself is left out.</param>
    [Alias("ChangeList")]
    ValueTask<ListResult> ChangeListAsync(UserList list, ListAct act, string[] userIds);
}
