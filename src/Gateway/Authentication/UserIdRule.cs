namespace Presence.Gateway.Authentication;

/// <summary>What a user id may look like: 1 to <c>MaxUserIdLength</c> characters, no control characters, no lone surrogates, and not white space only.</summary>
internal static class UserIdRule
{
    public static bool IsKept(string userId, int maxLength)
    {
        if (userId.Length > maxLength || string.IsNullOrWhiteSpace(userId))
        {
            return false;
        }

        for (var i = 0; i < userId.Length; i++)
        {
            if (char.IsControl(userId[i]))
            {
                return false;
            }

            if (char.IsSurrogate(userId[i]) && (i + 1 == userId.Length || !char.IsSurrogatePair(userId[i], userId[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
