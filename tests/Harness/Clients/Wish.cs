namespace Presence.Harness.Clients;

/// <summary>A status that a person wants to show, said until it is confirmed.</summary>
internal sealed class Wish(string status, int number)
{
    public string Status { get; } = status;

    public int Number { get; } = number;

    public bool IsConfirmed { get; set; }

    /// <summary>When to say it next, for one that is not confirmed.</summary>
    public TimeSpan Due { get; set; }

    public bool IsDue(TimeSpan now) => !IsConfirmed && now >= Due;

    public object Message => Status == "away"
        ? new { type = "set_status", status = Status, scope = "user", id = Number }
        : new { type = "set_status", status = Status, id = Number };
}
