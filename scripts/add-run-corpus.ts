/**
 * Writes a run of the present version of the run machine for each of its states to `test/fixtures/run-corpus`, which every later
 * version must be able to read and to replay. To be called once for each version, when that is complete: what is there stays.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { exportLines } from '../src/app/history/run-export.ts';
import { runMachineVersion } from '../src/machines/run-machine.ts';
import * as machine from '../src/machines/run-step.ts';
import { exportedRun } from '../test/support/run-corpus.ts';
import { runStories } from '../test/support/run-stories.ts';

const folder = resolve(import.meta.dirname, `../test/fixtures/run-corpus/machine-${runMachineVersion}`);
mkdirSync(folder, { recursive: true });
for (const story of runStories) {
  const file = join(folder, `${story.ends}.jsonl`);
  if (existsSync(file)) continue;
  writeFileSync(file, `${exportLines(exportedRun(story, machine)).join('\n')}\n`);
  process.stdout.write(`${file}\n`);
}
