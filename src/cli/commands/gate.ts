import { buildRouteMap } from '@stricli/core';
import type { GateRun } from '../../app/operations/run/gates.ts';
import { age } from '../../base/age.ts';
import { plainLines } from '../../base/text.ts';
import { command, text } from '../command.ts';
import { table } from '../output/table.ts';

const runArgument = text('run', 'Id of the run, or of its task');

const runCommand = command<Record<string, unknown>, [string, string?]>({
  summary: 'Run the gates of a run now, or one of them; the run stays as it is',
  example: 'forge gate run fg-a3f8-1 test',
  details:
    'Run the gates of a run in its worktree now, or the one that is named, and wait for them. What they wrote is kept like that of other times, and the history has the result; the run goes on as if nothing had happened. Ends with status 1 when one does not pass.',
  args: { kind: 'tuple', parameters: [runArgument, { ...text('gate', 'Its name; left out: all'), optional: true }] },
  async run(forge, _flags, run, gate) {
    const gates = await forge.call('run.gate.run', { run, gate });
    const isPassed = gates.length > 0 && gates.every(({ result }) => result === 'passed');
    return { json: gates, text: await tableOf(gates), ...(isPassed ? {} : { status: 1 }) };
  },
});

const listCommand = command<Record<string, unknown>, [string]>({
  summary: 'How the gates of a run went, the oldest first',
  example: 'forge gate list fg-a3f8-1',
  args: { kind: 'tuple', parameters: [runArgument] },
  async run(forge, _flags, run) {
    const gates = await forge.call('run.gates', { run });
    return { json: gates, text: await tableOf(gates) };
  },
});

const logCommand = command<{ attempt?: number }, [string, string?]>({
  summary: 'Print what a gate of a run wrote: the newest time, or that of --attempt',
  example: 'forge gate log fg-a3f8-1 test',
  flags: {
    attempt: {
      kind: 'parsed',
      parse: Number,
      brief: 'Which time of running the gates, counted from 1',
      optional: true,
    },
  },
  args: {
    kind: 'tuple',
    parameters: [runArgument, { ...text('gate', 'Its name; left out: the one that ran last'), optional: true }],
  },
  async run(forge, { attempt }, run, gate) {
    const log = await forge.call('run.gate.log', { run, gate, attempt });
    return { json: log, text: plainLines(log.text.trimEnd()) };
  },
});

function tableOf(gates: readonly GateRun[]): Promise<string> {
  const rows = gates.map(({ attempt, gate, result, reason, ms, log }) => [
    ...[`${attempt}`, gate, result ?? 'no result', ms === null ? '' : age(ms), result === 'passed' ? '' : reason, log],
  ]);
  return table(rows, 'No gate of it has run.');
}

export const gateCommands = buildRouteMap({
  docs: { brief: 'The commands that must pass before work is delivered' },
  routes: { run: runCommand, list: listCommand, log: logCommand },
});
