import { plainText } from '../../base/text.ts';
import type { DoctorRow } from '../../domain/doctor-report.ts';
import { command } from '../command.ts';

export const doctorCommand = command<{ fix?: boolean }>({
  summary: 'Find what is broken or left over, and mend it',
  example: 'forge doctor --fix',
  details:
    'Looks at this project, or outside of one at all that Forge knows: database, tasks.jsonl, worktrees, branches, sessions, locks, sockets, recordings, rights of files, git and the agents. Changes nothing without --fix, and with it nothing that could not be brought back: what is removed is kept in a ref or moved to the backups. The status is 5 when something is left for a person (or for --fix). With --json: a list of what was found, each with the same fields.',
  flags: { fix: { kind: 'boolean', brief: 'Mend what can be mended, and say what was done', optional: true } },
  async run(forge, { fix }) {
    const rows = await forge.doctor(fix ?? false);
    const isLeft = rows.some(({ state }) => state !== 'mended');
    return { json: rows, text: rows.flatMap(linesOf).join('\n') || 'All is well.', ...(isLeft ? { status: 5 } : {}) };
  },
});

const marks: Record<DoctorRow['state'], string> = { found: '✗', person: '✗', failed: '✗', mended: '✓' };

function linesOf({ check, what, why, fix, state, did, next }: DoctorRow): string[] {
  const told = {
    found: [`--fix: ${fix}`],
    person: next === null ? [] : [next],
    failed: [`Could not be mended: ${did}`],
    mended: [`Mended. ${did}`],
  };
  return [`${marks[state]} ${check}: ${what}`, `    ${why}`, ...told[state].map((line) => `    ${line}`)].map(
    plainText,
  );
}
