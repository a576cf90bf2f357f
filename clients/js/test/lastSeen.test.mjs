import assert from "node:assert/strict";
import test from "node:test";
import { lastSeenText } from "@presence/client";

const NOW = Date.parse("2026-03-10T12:00:00Z");
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const cases = [
  [-5 * MINUTE, "just now"], // a clock that is behind
  [0, "just now"],
  [59_999, "just now"],
  [MINUTE, "1 min. ago"],
  [5 * MINUTE + 59_999, "5 min. ago"],
  [6 * MINUTE, "5 min. ago"],
  [14 * MINUTE, "10 min. ago"],
  [HOUR - 1, "55 min. ago"],
  [HOUR, "1 hr. ago"],
  [DAY - 1, "23 hr. ago"],
  [DAY, "yesterday"],
  [3 * DAY, "3 days ago"],
  [7 * DAY - 1, "6 days ago"],
  [7 * DAY, "Mar 3, 2026"],
];

for (const [age, text] of cases) {
  test(`last seen ${age} ms ago: ${text}`, () => {
    assert.equal(lastSeenText(new Date(NOW - age).toISOString(), { now: NOW, locale: "en-US" }), text);
  });
}

test("last seen: never, and other words", () => {
  assert.equal(lastSeenText(null), "never");
  assert.equal(lastSeenText(null, { never: "noch nie" }), "noch nie");
  assert.equal(lastSeenText(new Date(NOW).toISOString(), { now: NOW, justNow: "gerade eben" }), "gerade eben");
  assert.equal(lastSeenText(new Date(NOW - 3 * DAY).toISOString(), { now: NOW, locale: "de" }), "vor 3 Tagen");
});
