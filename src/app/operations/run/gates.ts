import { z } from 'zod';
import { ForgeError } from '../../../base/errors.ts';
import { storeOperation, supervisorOperation } from '../../define-operation.ts';
import { findRun } from './read.ts';

const wordsOf = { passed: 'passed', failed: 'failed', broken: 'could not be run' } as const;

/** One time of running one gate. */
export interface GateRun {
  attempt: number;
  gate: string;
  /** Null: it runs, or was ended before it had a result. */
  result: keyof typeof wordsOf | null;
  reason: string;
  ms: number | null;
  log: string;
  bytes: number;
}

interface Result {
  gate: string;
  type: keyof typeof wordsOf;
  reason: string;
  ms: number;
}

export const runGates = storeOperation({
  name: 'run.gates',
  summary: 'How the gates of a run went, the oldest first',
  input: z.object({ run: z.string() }),
  run: ({ store, gates }, input): GateRun[] => {
    const run = findRun({ store }, input.run);
    const events = store.runs.events(run.id).filter(({ payload }) => Array.isArray(payload.results));
    return gates.logs(run.id).map(({ attempt, gate, file, bytes }) => {
      // A time that wrote nothing, since a gate was missing, has the number of the next one too.
      const event = events.findLast(({ payload }) => (payload.time ?? payload.attempt) === attempt);
      const results = (event?.payload.results ?? []) as Result[];
      const found = results.find((result) => result.gate === gate);
      const { type: result = null, reason = '', ms = null } = found ?? {};
      return { attempt, gate, result, reason, ms, log: file, bytes };
    });
  },
});

export const runGateLog = storeOperation({
  name: 'run.gate.log',
  summary: 'What a gate of a run wrote',
  input: z.object({
    run: z.string(),
    /** The one that ran last, if left out. */
    gate: z.string().optional(),
    /** The newest, if left out. */
    attempt: z.int().min(1).optional(),
  }),
  run: ({ store, gates }, { run: name, gate, attempt }) => {
    const run = findRun({ store }, name);
    const logs = gates.logs(run.id);
    const found = logs.findLast(
      (log) => (gate === undefined || log.gate === gate) && (attempt === undefined || log.attempt === attempt),
    );
    if (found) return { ...found, text: gates.read(found) };
    const known = [...new Set(logs.map((log) => log.gate))].join(', ');
    const what = `${gate === undefined ? 'No gate' : `Gate ${gate}`} of run ${run.id} has run${attempt ? ` in time ${attempt}` : ''}.`;
    throw new ForgeError('gate.missing', gate === undefined ? what : what.replace('has run', 'has not run'), {
      next: known === '' ? 'Gates run when the work is complete: set them with `gates:`.' : `These have: ${known}.`,
    });
  },
});

export const runGateRun = supervisorOperation({
  name: 'run.gate.run',
  summary: 'Run the gates of a run now, or one of them; the run stays as it is',
  input: z.object({ run: z.string(), gate: z.string().optional() }),
  run: async (context, { run, gate }): Promise<GateRun[]> => {
    const time = await context.runs.tryGates(run, gate ?? null, context.actor);
    return (await runGates.run(context, { run })).filter(({ attempt }) => attempt === time);
  },
});
