using System.Collections.Immutable;

namespace Presence.Grains.Rules.Privacy;

/// <summary>The users that a user keeps lists of. Stored apart from the rest and read only when somebody's class is asked.</summary>
/// <param name="Number">The <see cref="Policy.Number"/> that these lists belong to: they are stored first.</param>
/// <param name="Contacts">See what is shown to contacts.</param>
/// <param name="Blocked">See nothing.</param>
[GenerateSerializer, Immutable, Alias("presence.user-lists")]
internal sealed record UserLists(
    [property: Id(0)] int Number,
    [property: Id(1)] ImmutableHashSet<string> Contacts,
    [property: Id(2)] ImmutableHashSet<string> Blocked)
{
    public static readonly UserLists Empty = new(0, [], []);

    public ImmutableHashSet<string> this[UserList list] => list == UserList.Contacts ? Contacts : Blocked;

    public UserLists With(UserList list, ImmutableHashSet<string> ids) =>
        list == UserList.Contacts ? this with { Contacts = ids } : this with { Blocked = ids };
}
