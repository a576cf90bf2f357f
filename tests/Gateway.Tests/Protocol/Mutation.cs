namespace Presence.Gateway.Tests.Protocol;

/// <summary>Makes bytes that are almost right.</summary>
internal static class Mutation
{
    private const int MaxLength = 4096;

    private static readonly byte[] Interesting = [0, 1, 0x20, 0x22, 0x5c, 0x7b, 0x7d, 0x5b, 0x7e, 0x7f, 0x80, 0x81, 0x88, 0xc0, 0xed, 0xfe, 0xff];

    /// <summary>Some changes to <paramref name="seed"/>, with parts of <paramref name="other"/>.</summary>
    public static byte[] Of(byte[] seed, byte[] other, Random random)
    {
        var bytes = new List<byte>(seed);
        for (var changes = random.Next(6); changes > 0; changes--)
        {
            Change(bytes, other, random);
        }

        return [.. bytes.Take(MaxLength)];
    }

    private static void Change(List<byte> bytes, byte[] other, Random random)
    {
        var at = random.Next(bytes.Count + 1);
        var isInside = at < bytes.Count;
        switch (random.Next(6))
        {
            case 0 when isInside:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when isInside:
                bytes[at] = Interesting[random.Next(Interesting.Length)];
                break;
            case 2 when isInside:
                bytes.RemoveRange(at, Math.Min(random.Next(1, 20), bytes.Count - at));
                break;
            case 3:
                bytes.Insert(at, (byte)random.Next(256));
                break;
            case 4:
                var from = random.Next(other.Length);
                bytes.InsertRange(at, other.Skip(from).Take(random.Next(1, 40)));
                break;
            case 5 when isInside:
                bytes.InsertRange(at, Enumerable.Repeat(bytes[at], random.Next(1, 30)).ToList());
                break;
        }
    }
}
