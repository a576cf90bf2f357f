using System.Collections.Immutable;
using Presence.Grains;

namespace Presence.Gateway.Delivery;

/// <summary>
/// What a user who is not shown to all alike shows to whom. Never changed, only replaced: whoever looks needs no lock. Who is not known
/// sees nothing.
/// </summary>
/// <param name="Views">What each class sees; null until the owner has said so.</param>
/// <param name="Version">The version of the user that the views belong to.</param>
/// <param name="Classes">What each viewer here is to the user, as far as the owner was asked.</param>
/// <param name="Before">What everybody saw before; null unless the owner is being asked what they see now.</param>
internal sealed record Viewers(ClassViews? Views, long Version, ImmutableDictionary<string, ViewerClass> Classes, Sight? Before)
{
    private static readonly ImmutableDictionary<string, ViewerClass> Nobody =
        ImmutableDictionary.Create<string, ViewerClass>(StringComparer.Ordinal);

    /// <summary>Nobody is known, and all have to be asked for.</summary>
    public static Viewers Unknown(Sight? before) => new(null, 0, Nobody, before);

    /// <summary>What the viewer may see; null: nothing.</summary>
    public UserPresence? See(string viewer)
    {
        var seen = !Classes.TryGetValue(viewer, out var kind) ? null
            : kind == ViewerClass.Stranger ? Views?.Stranger
            : kind == ViewerClass.Contact ? Views?.Contact
            : null;
        return seen is { Version: > 0 } ? seen : null;
    }

    public Viewers With(string[] viewers, ViewerClass[] classes) => this with
    {
        Classes = Classes.SetItems(viewers.Zip(classes, KeyValuePair.Create)),
    };
}

/// <summary>What everybody saw of a user at some moment.</summary>
/// <param name="All">What those saw who saw everything; null: nothing was known.</param>
/// <param name="Viewers">What the others saw.</param>
/// <param name="IsPending">Some of it had not been told yet.</param>
internal sealed record Sight(UserPresence? All, Viewers? Viewers, bool IsPending)
{
    /// <summary>What this viewer saw; null: nothing.</summary>
    public UserPresence? Of(string viewer) => Of(All, Viewers, viewer);

    /// <summary>What a viewer sees; null: nothing.</summary>
    public static UserPresence? Of(UserPresence? all, Viewers? viewers, string viewer) =>
        all is null || !all.Shown.HasFlag(Shown.ByClass) ? all : viewers?.See(viewer);
}
