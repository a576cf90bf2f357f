import type { Status } from "@presence/client";
import type { CSSProperties, ReactElement } from "react";
import { usePresence } from "./hooks.js";

export interface PresenceDotProps {
  userId: string;
  /** Whose dot it is, for a screen reader: "Ada: online". By default only the status is said. */
  name?: string;
  /** Pixels; default 10. */
  size?: number;
  /** The words, for another language. */
  labels?: Partial<Record<Status | "invisible" | "unknown" | "stale", string>>;
  className?: string;
  style?: CSSProperties;
}

const WORDS = {
  online: "online",
  idle: "idle",
  away: "away",
  busy: "busy",
  dnd: "do not disturb",
  offline: "offline",
  invisible: "invisible",
  unknown: "unknown",
  stale: "connection lost",
};

// A shape of its own for each, since not everybody can tell the colours apart.
const SHAPES: Record<string, ReactElement> = {
  online: <circle cx="5" cy="5" r="5" fill="#1a7f37" />,
  idle: <path d="M5 0a5 5 0 1 0 5 5 4 4 0 0 1-5-5" fill="#9a6700" />,
  away: <path d="M5 0l5 5-5 5-5-5z" fill="#9a6700" />,
  busy: <path d="M0 0h10v10H0z" fill="#cf222e" />,
  dnd: <path d="M5 0a5 5 0 1 0 .01 0zM2 4h6v2H2z" fill="#cf222e" fillRule="evenodd" />,
  offline: <circle cx="5" cy="5" r="4" fill="none" stroke="#6e7781" strokeWidth="2" />,
};

/** The status of one user as a dot with a shape, a colour and words. It is what was last seen while the connection is lost. */
export function PresenceDot({ userId, name, size = 10, labels, className, style }: PresenceDotProps): ReactElement {
  const presence = usePresence(userId);
  const words = { ...WORDS, ...labels };
  const status = presence?.status ?? "unknown";
  const said = presence?.stale ? `${words[status]} (${words.stale})` : words[status];
  const label = name ? `${name}: ${said}` : said;
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 10 10"
      width={size}
      height={size}
      className={className}
      style={{ opacity: presence?.stale ? 0.5 : 1, ...style }}
      data-status={status}
    >
      <title>{label}</title>
      {SHAPES[status] ?? SHAPES.offline}
    </svg>
  );
}
