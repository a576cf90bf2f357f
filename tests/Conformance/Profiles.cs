namespace Presence.Conformance;

/// <summary>The settings that the scenarios of one folder need.</summary>
public interface IProfile
{
    /// <summary>Of the folder.</summary>
    static abstract string Folder { get; }

    /// <summary>Beside those of all.</summary>
    static abstract (string Key, string Value)[] Settings { get; }
}

/// <summary>What people do on good days.</summary>
public sealed class Core : IProfile
{
    public static string Folder => "core";

    public static (string, string)[] Settings => [];
}

/// <summary>Small limits.</summary>
public sealed class Limits : IProfile
{
    public static string Folder => "limits";

    public static (string, string)[] Settings =>
    [
        ("MaxConnectionsPerUser", "2"), ("MaxSubscriptionsPerConnection", "4"), ("MaxIdsPerMessage", "3"), ("MaxMessageBytes", "1024"),
        ("MaxStatusChangesPer10s", "2"),
    ];
}

/// <summary>One message a second.</summary>
public sealed class Rate : IProfile
{
    public static string Folder => "rate";

    public static (string, string)[] Settings => [("MaxMessagesPerSecond", "1")];
}

/// <summary>Signed tokens.</summary>
public sealed class Jwt : IProfile
{
    public static string Folder => "jwt";

    public static (string, string)[] Settings => [.. Tokens.Settings, ("Auth:AllowQueryToken", "true")];
}

/// <summary>Short times, and a window for updates.</summary>
public sealed class Times : IProfile
{
    public static string Folder => "times";

    public static (string, string)[] Settings =>
    [
        ("AuthTimeout", "1s"), ("MessageTimeout", "1s"), ("HeartbeatInterval", "1s"), ("HeartbeatTimeout", "2s"), ("UpdateWindow", "1s"),
    ];
}

/// <summary>Servers that are stopped.</summary>
public sealed class Drain : IProfile
{
    public static string Folder => "drain";

    public static (string, string)[] Settings => [("DrainWindow", "1s")];
}
