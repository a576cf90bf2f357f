export interface LastSeenOptions {
  /** Milliseconds since the epoch; best `presence.now()`, which goes by the server's clock. */
  now?: number;
  /** A language tag; by default the reader's. */
  locale?: string;
  justNow?: string;
  never?: string;
}

/**
 * When somebody was last seen, in steps and not in seconds: just now, 5 min. ago, 2 hr. ago, yesterday, 3 days ago, then a date.
 * Minutes above 5 go in steps of 5, so that a list of people does not flicker.
 */
export function lastSeenText(
  lastSeen: string | null,
  { now = Date.now(), locale, justNow = "just now", never = "never" }: LastSeenOptions = {},
): string {
  if (lastSeen === null) {
    return never;
  }

  let count = (now - Date.parse(lastSeen)) / 60_000;
  let unit: Intl.RelativeTimeFormatUnit = "minute";
  if (count < 1) {
    return justNow;
  }

  if (count >= 60) {
    [count, unit] = count < 24 * 60 ? [count / 60, "hour"] : [count / 60 / 24, "day"];
  } else if (count > 5) {
    count -= count % 5;
  }

  return unit === "day" && count >= 7
    ? new Date(lastSeen).toLocaleDateString(locale, { dateStyle: "medium" })
    : new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" }).format(-Math.floor(count), unit);
}
