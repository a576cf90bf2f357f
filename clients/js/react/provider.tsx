import type { PresenceClient } from "@presence/client";
import type { ReactElement, ReactNode } from "react";
import { createContext, useContext } from "react";

const Context = createContext<PresenceClient | null>(null);

/** Gives the client to the hooks below. The client is made outside of React, where it is not made twice. */
export function PresenceProvider({ client, children }: { client: PresenceClient; children?: ReactNode }): ReactElement {
  return <Context.Provider value={client}>{children}</Context.Provider>;
}

export function usePresenceClient(): PresenceClient {
  const client = useContext(Context);
  if (!client) {
    throw new Error("There is no <PresenceProvider client={...}> around this component");
  }

  return client;
}
