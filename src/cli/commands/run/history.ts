import { command, text } from '../../command.ts';
import type { ForgeCli } from '../../forge-cli.ts';

export const runExportCommand = command<{ jsonl?: boolean }, [string]>({
  summary: 'Print a run with its whole history, for another machine or another version',
  example: 'forge run export fg-a3f8-1 --jsonl > run.jsonl',
  details:
    'One JSON value: the run as it is stored, the snapshot of its machine and every event with who brought it about, what led to it and the command that began it. With --jsonl a line for all but the events, then a line for each.',
  flags: { jsonl: { kind: 'boolean', brief: 'A header line, then a line for each event', optional: true } },
  args: { kind: 'tuple', parameters: [text('run', 'Id of the run, or of its task')] },
  async run(forge, { jsonl }, name) {
    const exported = await forge.call('run.export', { run: name });
    if (!jsonl) return { json: exported, text: JSON.stringify(exported, null, 2) };
    const { exportLines } = await import('../../../app/history/run-export.ts');
    return { json: exported, text: exportLines(exported).join('\n') };
  },
});

export const runReplayCommand = command<Record<string, unknown>, [string]>({
  summary: 'Replay a run from its events, and see whether the same comes of it',
  example: 'forge run replay fg-a3f8-1',
  details:
    'Takes the id of a run, or a file that forge run export wrote (no repository is needed for that). Each event goes through the machine of this version; what it makes of the run is held against what is stored. Differences are named, and the status is 5. Nothing is changed: forge doctor --fix mends a snapshot that cannot be read.',
  args: { kind: 'tuple', parameters: [text('run', 'Id of the run, or of its task, or a file')] },
  async run(forge, _flags, name) {
    const report = await replayed(forge, name);
    const { run, events, status, differences } = report;
    const lines =
      differences.length === 0
        ? [`The ${events} events of run ${run} make of it what is stored: it is ${status}.`]
        : [
            `The ${events} events of run ${run} do not make of it what is stored:`,
            ...differences.map((line) => `  ${line}`),
          ];
    return { json: report, text: lines.join('\n'), ...(differences.length > 0 ? { status: 5 } : {}) };
  },
});

async function replayed(forge: ForgeCli, name: string) {
  const exported = forge.readFile(name);
  if (exported === null) return forge.call('run.replay', { run: name });
  const { parseRunExport } = await import('../../../app/history/run-export.ts');
  const { replayOf } = await import('../../../app/operations/run/history.ts');
  return replayOf(parseRunExport(exported));
}
