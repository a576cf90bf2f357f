// A chat with its sidebar: who is here, and who types.
//   npm ci && npm run build in clients/js, then npm install && npm start here; open /?user=ada and /?user=bob
//   The gateway must allow this page: Presence__AllowedOrigins__0=http://localhost:5173
import { createPresence } from "@presence/client";
import { PresenceProvider } from "@presence/client/react";
import { createRoot } from "react-dom/client";
import { Chat } from "./Chat.jsx";

const address = new URL(location);
const user = address.searchParams.get("user") ?? "guest";
const url = address.searchParams.get("server") ?? "ws://localhost:8080/ws";
const presence = createPresence({ url, user, getToken: () => user });

createRoot(document.getElementById("root")).render(
  <PresenceProvider client={presence}>
    <Chat room="general" name={user} />
  </PresenceProvider>,
);
