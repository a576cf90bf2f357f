using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Presence.Harness.Processes;

/// <summary>An error that Redis answered with.</summary>
public sealed class RedisException : Exception
{
    public RedisException()
    {
    }

    public RedisException(string message)
        : base(message)
    {
    }

    public RedisException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

/// <summary>One command on a connection of its own.</summary>
internal static class RedisCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static async Task<string> SendAsync(int port, string[] command)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, timeout.Token);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encode(command), timeout.Token);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await ReadAsync(reader, timeout.Token);
    }

    private static byte[] Encode(string[] command)
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"*{command.Length}\r\n");
        foreach (var part in command)
        {
            text.Append(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static async Task<string> ReadAsync(StreamReader reader, CancellationToken timeout)
    {
        var line = await reader.ReadLineAsync(timeout) ?? throw new EndOfStreamException("Redis ended the connection.");
        var rest = line[1..];
        switch (line[0])
        {
            case '-':
                throw new RedisException(rest);
            case '$':
                return await ReadTextAsync(reader, int.Parse(rest, CultureInfo.InvariantCulture), timeout);
            case '*':
                var items = new string[int.Parse(rest, CultureInfo.InvariantCulture)];
                for (var i = 0; i < items.Length; i++)
                {
                    items[i] = await ReadAsync(reader, timeout);
                }

                return string.Join('\n', items);
            default:
                return rest;
        }
    }

    private static async Task<string> ReadTextAsync(StreamReader reader, int length, CancellationToken timeout)
    {
        if (length < 0)
        {
            return "";
        }

        var bytes = new char[length];
        await reader.ReadBlockAsync(bytes, timeout);
        await reader.ReadLineAsync(timeout);
        return Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(bytes));
    }
}
