namespace Presence.Grains.Rules.Users;

/// <summary>Changes of small arrays that are never written to: each returns a new one.</summary>
internal static class Arrays
{
    public static T[] Without<T>(this T[] items, int index)
    {
        if (items.Length == 1)
        {
            return [];
        }

        var rest = new T[items.Length - 1];
        items.AsSpan(0, index).CopyTo(rest);
        items.AsSpan(index + 1).CopyTo(rest.AsSpan(index));
        return rest;
    }

    public static T[] With<T>(this T[] items, int index, T item)
    {
        var next = (T[])items.Clone();
        next[index] = item;
        return next;
    }
}
