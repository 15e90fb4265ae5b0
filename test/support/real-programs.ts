import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { FORGE_REAL_AGENTS: folder, FORGE_MOCK_MODEL: model } = process.env;

/** What the tests of real agents need and is not there; none: they run. */
export const missingPrograms: readonly string[] = [
  ...(folder === undefined
    ? ['FORGE_REAL_AGENTS']
    : ['claude', 'codex', 'gemini', 'opencode'].map((program) => join(folder, program)).filter(isMissing)),
  ...(model === undefined ? ['FORGE_MOCK_MODEL'] : [model].filter(isMissing)),
];

/** Says at the end, where one looks, that tests of real agents were skipped and why. */
export default function sayWhatIsSkipped(): () => void {
  return () => {
    if (missingPrograms.length === 0) return;
    console.log(`\nSkipped: the tests of real agents, without ${missingPrograms.join(', ')}. See CONTRIBUTING.md.\n`);
  };
}

function isMissing(path: string): boolean {
  return !existsSync(path);
}
