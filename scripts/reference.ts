/** Writes the pages of docs/reference/ that come from tables in the source. A test compares them. */
import { writeFileSync } from 'node:fs';
import { referencePages } from './reference/pages.ts';

for (const [path, render] of Object.entries(referencePages)) {
  writeFileSync(new URL(`../${path}`, import.meta.url), render());
  process.stdout.write(`${path}\n`);
}
