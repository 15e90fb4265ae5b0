/** Waits until `look` gives something. Fails after `timeoutMs` with the name of what was awaited and what was seen instead. */
export async function until<T>(
  name: string,
  look: () => T | null | undefined | false | Promise<T | null | undefined | false>,
  {
    timeoutMs = 30_000,
    everyMs = 25,
    shown = () => '',
  }: { timeoutMs?: number; everyMs?: number; shown?: () => string | Promise<string> } = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (performance.now() > deadline) {
      throw new Error(`Waited ${timeoutMs / 1000} s in vain for: ${name}\n${await shown()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
