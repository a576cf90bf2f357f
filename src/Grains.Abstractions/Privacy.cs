namespace Presence.Grains;

/// <summary>Who may see something. The numbers are stored and travel between processes: never renumber, never reuse.</summary>
public enum Audience
{
    /// <summary>Everybody who is not blocked.</summary>
    Everyone = 0,

    /// <summary>The user's contacts who are not blocked.</summary>
    Contacts = 1,

    /// <summary>The user alone.</summary>
    Nobody = 2,
}

/// <summary>Whom a user shows itself to. Who may not see the status sees nothing of the rest either.</summary>
/// <param name="ShowOnlineStatus">Who sees the status.</param>
/// <param name="ShowLastSeen">Who sees when the user was last there.</param>
/// <param name="ShowActivity">Who sees the activity.</param>
[GenerateSerializer, Immutable, Alias("presence.privacy-settings")]
public sealed record PrivacySettings(
    [property: Id(0)] Audience ShowOnlineStatus, [property: Id(1)] Audience ShowLastSeen, [property: Id(2)] Audience ShowActivity)
{
    /// <summary>Everything to everyone.</summary>
    public static readonly PrivacySettings Open = new(Audience.Everyone, Audience.Everyone, Audience.Everyone);
}

/// <summary>A change of <see cref="PrivacySettings"/>; what is null stays.</summary>
/// <param name="ShowOnlineStatus">Who sees the status.</param>
/// <param name="ShowLastSeen">Who sees when the user was last there.</param>
/// <param name="ShowActivity">Who sees the activity.</param>
[GenerateSerializer, Immutable, Alias("presence.privacy-change")]
public sealed record PrivacyChange(
    [property: Id(0)] Audience? ShowOnlineStatus, [property: Id(1)] Audience? ShowLastSeen, [property: Id(2)] Audience? ShowActivity);

/// <summary>A list of other users that a user keeps. The numbers travel between processes: never renumber, never reuse.</summary>
public enum UserList
{
    /// <summary>Those who see what is shown to contacts.</summary>
    Contacts = 0,

    /// <summary>Those who see nothing, contacts or not.</summary>
    Blocked = 1,
}

/// <summary>What is done to a list. The numbers travel between processes: never renumber, never reuse.</summary>
public enum ListAct
{
    /// <summary>The list becomes these.</summary>
    Set = 0,

    /// <summary>These join the list.</summary>
    Add = 1,

    /// <summary>These leave the list.</summary>
    Remove = 2,
}

/// <summary>The answer to <see cref="IUserSelfGrain.ChangeListAsync"/>.</summary>
/// <param name="Refusal"><see cref="Refusal.None"/>, or <see cref="Refusal.ListTooLong"/>: nothing was changed.</param>
/// <param name="Count">How many the list now holds.</param>
[GenerateSerializer, Immutable, Alias("presence.list-result")]
public sealed record ListResult([property: Id(0)] Refusal Refusal, [property: Id(1)] int Count);

/// <summary>How much of a user is shown to whom, as far as everybody has to know. Several may hold.</summary>
[Flags]
public enum Shown
{
    /// <summary>Everything to everyone.</summary>
    ToAll = 0,

    /// <summary>Not every viewer sees the same: ask for the class of each, see <see cref="IUserPresenceGrain.ClassifyAsync"/>.</summary>
    ByClass = 1,

    /// <summary>Strangers do not see the status: the user stands in no list or count that strangers see.</summary>
    Unlisted = 2,
}

/// <summary>What kind of viewer somebody is to a user. The numbers travel between processes: never renumber, never reuse.</summary>
public enum ViewerClass
{
    /// <summary>Sees what is shown to everyone.</summary>
    Stranger = 0,

    /// <summary>Sees what is shown to contacts.</summary>
    Contact = 1,

    /// <summary>Blocked: sees what is seen of somebody who never existed.</summary>
    Blocked = 2,
}

/// <summary>What each class of viewer sees of a user who is not shown to all alike.</summary>
/// <param name="Stranger">What strangers see.</param>
/// <param name="Contact">What contacts see.</param>
[GenerateSerializer, Immutable, Alias("presence.class-views")]
public sealed record ClassViews([property: Id(0)] UserPresence Stranger, [property: Id(1)] UserPresence Contact);

/// <summary>The answer to <see cref="IUserPresenceGrain.ClassifyAsync"/>: all of one moment.</summary>
/// <param name="Presence">As <see cref="IUserPresenceGrain.GetAsync"/> returns it.</param>
/// <param name="Views">What each class sees; null for a user who is shown to all alike.</param>
/// <param name="Classes">The class of each viewer, in the order asked.</param>
[GenerateSerializer, Immutable, Alias("presence.classified")]
public sealed record Classified(
    [property: Id(0)] UserPresence Presence, [property: Id(1)] ClassViews? Views, [property: Id(2)] ViewerClass[] Classes);
