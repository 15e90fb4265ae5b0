import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PullRequestDraft } from '../../src/ports/code-host.ts';
import type { CodeHostWorld } from './code-host-contract.ts';

type Row = PullRequestDraft & { url: string; state: string };

/** The program of `code-host-entry.ts` with its file in `folder`, and a look into what it keeps. */
export function scriptedCodeHost(folder: string) {
  const file = join(folder, 'pull-requests.json');
  const rows = (): Row[] => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : []);
  const settle: CodeHostWorld['settle'] = async (branch, state) => {
    const all = rows();
    const last = all.findLastIndex((row) => row.branch === branch);
    writeFileSync(file, JSON.stringify(all.map((row, index) => (index === last ? { ...row, state } : row))));
  };
  const command = [process.execPath, join(import.meta.dirname, 'code-host-entry.ts'), file];
  return { command, rows, settle };
}
