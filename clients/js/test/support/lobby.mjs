// A room of a test, the lobby, as a server that a test plays tells of it.
import { settle } from "./clock.mjs";

export const ids = (room) => room.view.members.map(({ userId }) => userId);

export const update = (roomId, version, count, change) => ({ type: "room_update", roomId, version, count, ...change });

export async function joined(server, options) {
  const presence = await server.client(options);
  const room = presence.room("lobby");
  const membership = room.join({ name: "Ada" });
  await settle();
  return { presence, room, membership };
}
