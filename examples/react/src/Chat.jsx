import { PresenceDot, useConnectionState, useJoin, useMyStatus, useRoom, useTyping } from "@presence/client/react";
import { useState } from "react";

export function Chat({ room, name }) {
  const { joined, error } = useJoin(room, { name });
  return (
    <main>
      <h1>{room}</h1>
      <Connection />
      {error && <p role="alert">{error.message}</p>}
      <Sidebar room={room} />
      <Composer room={room} disabled={!joined} />
    </main>
  );
}

function Connection() {
  const { name } = useConnectionState();
  return <p role="status">{name === "connected" ? "" : `${name} …`}</p>;
}

function Sidebar({ room }) {
  const { members, count } = useRoom(room);
  const { presence, setStatus } = useMyStatus();
  return (
    <aside>
      <h2>{count} here</h2>
      <ul>
        {members.map((member) => (
          <li key={member.userId}>
            <PresenceDot userId={member.userId} name={member.metadata?.name} /> {member.metadata?.name ?? member.userId}
          </li>
        ))}
      </ul>
      <label>
        Status{" "}
        <select value={presence?.status ?? "online"} onChange={(event) => setStatus(event.target.value)}>
          {["online", "away", "busy", "dnd", "invisible"].map((status) => (
            <option key={status}>{status}</option>
          ))}
        </select>
      </label>
    </aside>
  );
}

function Composer({ room, disabled }) {
  const { users, type, stop } = useTyping(room);
  const [text, setText] = useState("");
  const onSubmit = (event) => {
    event.preventDefault();
    setText("");
    stop();
  };
  const onChange = (event) => {
    setText(event.target.value);
    type();
  };
  return (
    <form onSubmit={onSubmit}>
      <p aria-live="polite">{users.length > 0 && `${users.join(", ")} typing …`}</p>
      <input aria-label="Message" value={text} onChange={onChange} disabled={disabled} />
    </form>
  );
}
