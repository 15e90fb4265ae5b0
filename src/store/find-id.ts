/**
 * The one of `ids` that a person means: the whole id, or the beginning of it with or without the project's prefix.
 * Several: all of them, so that the message can name them.
 */
export function findIds(ids: readonly string[], prefix: string, typed: string): string[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return [];
  const exact = ids.find((id) => id === wanted) ?? ids.find((id) => id === `${prefix}-${wanted}`);
  if (exact !== undefined) return [exact];
  const start = ids.filter((id) => id.startsWith(wanted) || id.startsWith(`${prefix}-${wanted}`));
  return start.length > 0 ? start : ids.filter((id) => id.endsWith(wanted));
}
