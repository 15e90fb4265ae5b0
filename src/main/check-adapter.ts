import { AdapterShelf } from '../agents/adapter-shelf.ts';
import { readAdapterFile } from '../config/adapter-options.ts';
import type { ForgePaths } from '../config/paths.ts';
import { checkAdapter } from '../conformance/check-adapter.ts';
import type { AdapterReport } from '../domain/adapter-report.ts';

/** Holds an adapter against its contract; `repository` is where the project's own adapters are looked for, if there is one. */
export async function checkAdapterNamed(
  name: string,
  recordings: string | null,
  { adaptersDirectory }: ForgePaths,
  repository: string | null,
): Promise<AdapterReport> {
  const shelf = new AdapterShelf({ adaptersDirectory, repository, readFile: readAdapterFile });
  return checkAdapter(shelf.find(name), recordings);
}
