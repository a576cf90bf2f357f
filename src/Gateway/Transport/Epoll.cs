using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Presence.Gateway.Transport;

/// <summary>What the kernel says of a file: epoll_ctl(2).</summary>
[Flags]
internal enum EpollEvents : uint
{
    None = 0,
    In = 0x1,
    Out = 0x4,
    Error = 0x8,
    HangUp = 0x10,
    ReadHangUp = 0x2000,
    OneShot = 1u << 30,
    EdgeTriggered = 1u << 31,
}

/// <summary>A set of files of which the kernel says when they can be read or written: epoll(7). Lasts as long as the process.</summary>
internal sealed partial class Epoll
{
    private const int CloseOnExec = 0x80000;
    private const int Add = 1;
    private const int Modify = 3;
    private const int Interrupted = 4;

    /// <summary>struct epoll_event in ints: the flags, 64 bits of ours last. Packed on x64 and nowhere else.</summary>
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 3 : 4;

    private readonly int _file = Check(Create1(CloseOnExec));
    private readonly int[] _events;

    /// <param name="maxEvents">How many are told at once.</param>
    public Epoll(int maxEvents) => _events = new int[maxEvents * Stride];

    public void Watch(int file, EpollEvents events, long data) => Control(Add, file, events, data);

    public void Change(Epoll other, EpollEvents events, long data) => Control(Modify, other._file, events, data);

    public void Watch(Epoll other, EpollEvents events, long data) => Control(Add, other._file, events, data);

    /// <param name="timeoutMs">In milliseconds; 0 does not wait, -1 waits until there is something.</param>
    /// <returns>How many there are to read with <see cref="Read"/>.</returns>
    public int Wait(int timeoutMs)
    {
        var count = Wait(_file, _events, _events.Length / Stride, timeoutMs);
        return count >= 0 || Marshal.GetLastPInvokeError() == Interrupted ? Math.Max(0, count) : Check(count);
    }

    public EpollEvents Read(int index, out long data)
    {
        var last = ((index + 1) * Stride) - 1;
        data = ((long)_events[last] << 32) | (uint)_events[last - 1];
        return (EpollEvents)_events[index * Stride];
    }

    private void Control(int operation, int file, EpollEvents events, long data)
    {
        Span<int> entry = stackalloc int[Stride];
        entry[0] = (int)events;
        entry[^2] = (int)data;
        entry[^1] = (int)(data >> 32);
        Check(Control(_file, operation, file, entry));
    }

    private static int Check(int result) => result >= 0 ? result : throw new Win32Exception(Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create1(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int file, Span<int> entry);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, Span<int> entries, int maxEntries, int timeoutMs);
}
