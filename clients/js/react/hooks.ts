import type { ConnectionState, Membership, Metadata, RoomView, SettableStatus, StatusOptions, UserPresence } from "@presence/client";
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { usePresenceClient } from "./provider.js";

/** The connection: connecting, connected, reconnecting with the time of the next attempt, closed. */
export function useConnectionState(): ConnectionState {
  const client = usePresenceClient();
  const subscribe = useCallback((changed: () => void) => client.on("state", changed), [client]);
  const look = () => client.state;
  return useSyncExternalStore(subscribe, look, look);
}

/** One user; undefined before the server's first word, and for no id. */
export function usePresence(userId: string | null | undefined): UserPresence | undefined {
  const client = usePresenceClient();
  const subscribe = useCallback((changed: () => void) => (userId == null ? noop : client.watch(userId, changed)), [client, userId]);
  const look = () => (userId == null ? undefined : client.get(userId));
  return useSyncExternalStore(subscribe, look, look);
}

/** Several users, by id; who is not known yet is not in it. The ids may come as a new array with every render. */
export function usePresenceMany(userIds: readonly string[]): ReadonlyMap<string, UserPresence> {
  const client = usePresenceClient();
  const key = JSON.stringify(userIds);
  const store = useMemo(() => {
    const ids = JSON.parse(key) as string[];
    const read = () => new Map(ids.flatMap((id) => client.get(id) ?? []).map((presence) => [presence.userId, presence]));
    let people = read();
    return {
      subscribe: (changed: () => void) =>
        client.watch(ids, () => {
          people = read();
          changed();
        }),
      look: () => people,
    };
  }, [client, key]);
  return useSyncExternalStore(store.subscribe, store.look, store.look);
}

export interface MyStatus {
  /** Oneself with all devices; undefined before the first connection. */
  presence: UserPresence | undefined;
  setStatus(status: SettableStatus, options?: StatusOptions): Promise<unknown>;
}

export function useMyStatus(): MyStatus {
  const client = usePresenceClient();
  const presence = usePresence(client.userId);
  return useMemo(() => ({ presence, setStatus: (status, options) => client.setStatus(status, options) }), [client, presence]);
}

/** Who is here. It does not take part; for that there is `useJoin`. */
export function useRoom(roomId: string): RoomView {
  const client = usePresenceClient();
  const room = client.room(roomId);
  const subscribe = useCallback((changed: () => void) => room.subscribe(changed), [room]);
  const look = () => room.view;
  return useSyncExternalStore(subscribe, look, look);
}

export interface Joining {
  joined: boolean;
  /** Why the server does not let us in; null otherwise. */
  error: RoomView["error"];
  /** After `leave`, or with `autoJoin` false. */
  join(): void;
  /** Leaves for every component of this page; stays so until `join`. */
  leave(): void;
}

/**
 * I am here, for as long as this component is mounted. Several components in one room are one membership.
 *
 * @param metadata What the others see; a change is an update, never a leave and a join.
 * @param options.autoJoin Default true.
 */
export function useJoin(roomId: string, metadata?: Metadata, options: { autoJoin?: boolean } = {}): Joining {
  const { autoJoin = true } = options;
  const client = usePresenceClient();
  const room = client.room(roomId);
  const subscribe = useCallback((changed: () => void) => room.onChange(changed), [room]);
  const look = () => room.view;
  const { joined, error } = useSyncExternalStore(subscribe, look, look);
  const share = useRef<Membership | null>(null);
  const latest = useRef(metadata);
  latest.current = metadata;

  const join = useCallback(() => {
    share.current?.leave();
    share.current = room.join(latest.current);
  }, [room]);

  useEffect(() => {
    if (autoJoin) {
      join();
    }

    return () => {
      share.current?.leave();
      share.current = null;
    };
  }, [join, autoJoin]);

  const key = JSON.stringify(metadata);
  useEffect(() => {
    if (share.current?.active) {
      join(); // the same share with other metadata
    }
  }, [join, key]);

  return useMemo(() => ({ joined, error, join, leave: () => room.leave() }), [joined, error, join, room]);
}

export interface TypingState {
  /** Who else is typing. */
  users: readonly string[];
  /** To be called with every key. */
  type(): void;
  /** The message was sent. */
  stop(): void;
}

/** Who types in a room, and telling it that we do; that takes a membership (`useJoin`). */
export function useTyping(roomId: string): TypingState {
  const client = usePresenceClient();
  const room = client.room(roomId);
  const subscribe = useCallback((changed: () => void) => room.onTyping(changed), [room]);
  const look = () => room.typing;
  const users = useSyncExternalStore(subscribe, look, look);
  return useMemo(() => ({ users, type: () => room.type(), stop: () => room.stopTyping() }), [room, users]);
}


function noop(): void {}
