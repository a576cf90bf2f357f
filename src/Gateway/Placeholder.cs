namespace Presence.Gateway; internal static class GatewayProgram { private static void Main() { } }
