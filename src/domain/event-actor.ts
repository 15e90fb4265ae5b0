/** Parts of Forge that act on a run in their own name, as `by` of its events. Every other name is a person's. */
const ownNames: ReadonlySet<string> = new Set(['budget', 'fallback', 'gates', 'limits', 'supervisor']);

/** Who an event of each kind comes from, when it names nobody. */
const actors: Readonly<Record<string, string>> = {
  session: 'host',
  agent: 'agent',
  conversation: 'agent',
  gates: 'gate',
};

/** Who brought an event about: `person:ada`, `supervisor`, `host`, `agent` or `gate:tests`. */
export function actorOf({ type, by, gate }: { type: string } & Record<string, unknown>): string {
  if (typeof by === 'string') return ownNames.has(by) ? 'supervisor' : `person:${by}`;
  const actor = actors[type.split('.')[0] ?? ''] ?? 'supervisor';
  return actor === 'gate' && typeof gate === 'string' ? `gate:${gate}` : actor;
}
