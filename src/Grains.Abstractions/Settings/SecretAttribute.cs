namespace Presence.Grains.Settings;

/// <summary>A setting that may hold a secret: its value is never shown.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
