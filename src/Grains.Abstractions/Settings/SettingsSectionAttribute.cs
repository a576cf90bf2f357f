namespace Presence.Grains.Settings;

/// <summary>The configuration section of an options class; without it the section is <c>Presence</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SettingsSectionAttribute(string path) : Attribute
{
    /// <summary>The section, for example <c>Presence:Auth</c>.</summary>
    public string Path { get; } = path;
}
