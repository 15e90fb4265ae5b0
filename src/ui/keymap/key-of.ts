import type { Keymap } from './bind-keys.ts';

/** The first key of an action, by its id as it stands in `keys.actions`; null: it has none. Undefined: no action has this id. */
export function keyOf({ actions: own, review, copy }: Omit<Keymap, 'problems'>, id: string): string | null | undefined {
  const rows = [['', own] as const, ['review.', review] as const, ['copy.', copy] as const];
  const row = rows.flatMap(([prefix, all]) => all.filter((one) => prefix + one.id === id))[0];
  return row && (row.keys[0] ?? null);
}
