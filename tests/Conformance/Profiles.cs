namespace Presence.Conformance;

/// <summary>The settings that the scenarios of one folder need.</summary>
public interface IProfile
{
    /// <summary>Where the scenarios are.</summary>
    static abstract string[] Folders { get; }

    /// <summary>Beside those of all.</summary>
    static abstract (string Key, string Value)[] Settings { get; }

    /// <summary>Whether a scenario notices that others are played beside it.</summary>
    static virtual bool IsAlone => false;
}

/// <summary>What people do on good days. A room of more than 11 is sampled.</summary>
public sealed class Core : IProfile
{
    public static string[] Folders => ["core", "rooms", "self", "privacy", "claims"];

    public static (string, string)[] Settings =>
        [("TypingExpiry", "1s"), ("ActivityExpiry", "1s"), ("HiddenDelay", "1s"), ("RoomRosterLimit", "11")];
}

/// <summary>Small limits.</summary>
public sealed class Limits : IProfile
{
    public static string[] Folders => ["limits"];

    public static (string, string)[] Settings =>
    [
        ("MaxConnectionsPerUser", "2"), ("MaxSubscriptionsPerConnection", "4"), ("MaxIdsPerMessage", "3"), ("MaxMessageBytes", "1024"),
        ("MaxStatusChangesPer10s", "2"), ("MaxRoomsPerConnection", "2"), ("MaxMetadataBytes", "64"), ("Privacy:MaxContacts", "2"),
        ("Privacy:MaxBlocked", "2"), ("RoomRosterLimit", "1"),
    ];
}

/// <summary>One message a second.</summary>
public sealed class Rate : IProfile
{
    public static string[] Folders => ["rate"];

    public static (string, string)[] Settings => [("MaxMessagesPerSecond", "1")];
}

/// <summary>Signed tokens.</summary>
public sealed class Jwt : IProfile
{
    public static string[] Folders => ["jwt"];

    public static (string, string)[] Settings => [.. Tokens.Settings, ("Auth:AllowQueryToken", "true")];
}

/// <summary>Short times, and a window for updates.</summary>
public sealed class Times : IProfile
{
    public static string[] Folders => ["times"];

    public static (string, string)[] Settings =>
    [
        ("AuthTimeout", "1s"), ("MessageTimeout", "1s"), ("HeartbeatInterval", "1s"), ("HeartbeatTimeout", "2s"), ("UpdateWindow", "1s"),
    ];
}

/// <summary>Everybody is counted: nobody else may be there.</summary>
public sealed class Lobby : IProfile
{
    public static string[] Folders => ["lobby"];

    public static (string, string)[] Settings => [("LobbyRosterLimit", "3")];

    public static bool IsAlone => true;
}

/// <summary>Servers that are stopped.</summary>
public sealed class Drain : IProfile
{
    public static string[] Folders => ["drain"];

    public static (string, string)[] Settings => [("DrainWindow", "1s")];

    public static bool IsAlone => true;
}
