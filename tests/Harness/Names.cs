namespace Presence.Harness;

/// <summary>User ids that no other test uses.</summary>
public static class Names
{
    public static string New(string start) => $"{start}-{Guid.NewGuid():N}";

    public static string[] Many(string start, int count) => [.. Enumerable.Range(0, count).Select(i => New($"{start}{i}"))];
}
