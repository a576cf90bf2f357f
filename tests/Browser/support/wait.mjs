// Waiting for a condition, never for a time.

const pollMs = 20;

/**
 * Waits until `condition` holds for what `look` sees, and returns that. Fails with what was awaited and what was seen last.
 * @param {string} what
 * @param {() => any} look may be asynchronous
 * @param {(seen: any) => boolean} condition
 */
export async function until(what, look, condition = Boolean, withinMs = 10_000) {
  const deadline = performance.now() + withinMs;
  let seen = await look();
  while (!condition(seen)) {
    if (performance.now() > deadline) {
      throw new Error(`Awaited within ${withinMs} ms: ${what}. Seen last: ${JSON.stringify(seen)}`);
    }

    await new Promise(resolve => { setTimeout(resolve, pollMs); });
    seen = await look();
  }

  return seen;
}
