import type { Batches } from '../ports/batches.ts';
import type { Store } from '../ports/store.ts';

/** Puts the batches that a project has kept by itself to those of all projects. After a kill it is done again. */
export async function takeInBatches(
  { ownBatches, isReadOnly }: Pick<Store, 'ownBatches' | 'isReadOnly'>,
  project: string,
  batches: Batches,
  warn: (line: string) => void,
): Promise<void> {
  const own = isReadOnly ? [] : ownBatches.list();
  if (own.length === 0) return;
  const names = await batches.takeIn(project, own);
  ownBatches.handOver(names);
  for (const [name, now] of names)
    if (now !== name)
      warn(`The batch ${name} of ${project} is called ${now} now: another project has one of that name.`);
}
