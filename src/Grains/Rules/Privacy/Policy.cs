using Presence.Grains.Rules.Users;

namespace Presence.Grains.Rules.Privacy;

/// <summary>Whom a user shows itself to, as far as it concerns every change; the lists of users are in <see cref="UserLists"/>.</summary>
/// <param name="Number">Grows whenever what a viewer may see changes.</param>
/// <param name="Settings">What holds.</param>
/// <param name="IsChosen">By the user; else it is the default of the configuration.</param>
/// <param name="HasBlocked">Somebody is blocked.</param>
/// <param name="StrangerVersion">The public version at the last change that strangers could see.</param>
/// <param name="ContactVersion">The public version at the last change that contacts could see.</param>
/// <remarks>
/// The versions of the classes are values of the one public version, so a viewer whose class changes never sees its version fall. They
/// stand still while a class sees nothing: a version that grows would tell of what is hidden.
/// </remarks>
[GenerateSerializer, Immutable, Alias("presence.policy")]
internal sealed record Policy(
    [property: Id(0)] int Number,
    [property: Id(1)] PrivacySettings Settings,
    [property: Id(2)] bool IsChosen,
    [property: Id(3)] bool HasBlocked,
    [property: Id(4)] long StrangerVersion,
    [property: Id(5)] long ContactVersion)
{
    /// <summary>Of the many, for whom none is stored.</summary>
    public static readonly Policy Open = new(0, PrivacySettings.Open, IsChosen: false, HasBlocked: false, 0, 0);

    public bool IsByClass => HasBlocked || Settings != PrivacySettings.Open;

    public Shown Shown => (IsByClass ? Shown.ByClass : Shown.ToAll)
        | (Settings.ShowOnlineStatus == Audience.Everyone ? Shown.ToAll : Shown.Unlisted);

    /// <summary>After a change that somebody could see, those classes that could see it have the new version.</summary>
    public Policy Advance(UserState before, UserState next, bool isSameStatus)
    {
        var isActivity = isSameStatus && SaidRules.LookSameWithoutActivity(before.Said, next.Said);
        var version = next.PublicVersion.Value;
        return this with
        {
            StrangerVersion = Sees(ViewerClass.Stranger, isActivity) ? version : StrangerVersion,
            ContactVersion = Sees(ViewerClass.Contact, isActivity) ? version : ContactVersion,
        };
    }

    /// <summary>Both classes go on from this version.</summary>
    public Policy From(long version) => this with { StrangerVersion = version, ContactVersion = version };

    private bool Sees(ViewerClass viewer, bool isActivity) =>
        PrivacyRules.MaySee(Settings.ShowOnlineStatus, viewer) && (!isActivity || PrivacyRules.MaySee(Settings.ShowActivity, viewer));
}
