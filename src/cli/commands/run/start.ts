import { numberParser } from '@stricli/core';
import type { TakenPlan } from '../../../app/operations/plan/take.ts';
import { ForgeError } from '../../../base/errors.ts';
import { dispatchedText } from '../../../domain/dispatched-text.ts';
import { command } from '../../command.ts';
import type { ForgeCli } from '../../forge-cli.ts';
import { outcomeReport } from '../../output/outcome.ts';
import { watchRuns } from '../../watch-runs.ts';

type StartFlags = { watch?: boolean; detach?: boolean; wait?: boolean; max?: number };

export const runStartCommand = command<StartFlags, string[]>({
  summary: 'Run plans: Markdown files that describe work',
  example: 'forge run plans/fix-login.md --max 2',
  details: [
    'Makes a task of each plan, or brings the one of an earlier time up to date, and dispatches them in the order of what they depend on. PLAN is a file, a folder, a pattern, or the name of one in .forge/plans/; without one: all in there.',
    'Prints each step and ends when nothing more can be done without you: the exit status is 0 when all ended well, 1 when a run failed, 5 when one needs you. Ctrl-C leaves the runs alive. With --wait the supervisor and the session host end too, if this command started them: for CI.',
  ].join('\n\n'),
  flags: {
    watch: { kind: 'boolean', brief: 'Follow the runs; what is done when nothing else is said', optional: true },
    detach: { kind: 'boolean', brief: 'Dispatch and leave', optional: true },
    wait: { kind: 'boolean', brief: 'Follow, then end the daemons that this command started', optional: true },
    max: { kind: 'parsed', parse: numberParser, brief: 'At most this many of them at once', optional: true },
  },
  args: {
    kind: 'array',
    parameter: { placeholder: 'plan', brief: 'A Markdown file, a folder of them, or a pattern', parse: String },
  },
  async run(forge, { detach, watch, wait, max, json }, ...typed) {
    if (detach && (watch || wait))
      throw new ForgeError('usage.invalid', '--detach leaves at once: it goes with neither --watch nor --wait.');
    const plans = await forge.readPlans(typed);
    const { supervisor } = await forge.daemons();
    const taken = await forge.call('plan.take', { plans });
    const open = taken.filter(({ became }) => became !== 'closed').map(({ task }) => task);
    const dispatched = await forge.call('run.dispatch.together', { tasks: open, max });
    const lines = [
      ...taken.flatMap(takenLines),
      ...dispatched.map(({ task, run, problem }) => (run ? dispatchedText(run) : `${task}: ${problem?.message}`)),
    ];
    // One that goes on already is followed; anything else that was refused is a failure.
    const refused = dispatched.flatMap(({ problem }) => (problem && problem.code !== 'task.running' ? problem : []));
    if (detach) {
      return {
        json: { plans: taken, runs: dispatched.flatMap(({ run }) => run ?? []) },
        text: lines.join('\n'),
        ...(refused[0] ? { status: 1 } : {}),
      };
    }
    const say = (line: string) => (json ? forge.note([line]) : forge.print([line]));
    for (const line of lines) say(line);
    const result = await watchRuns(forge, { tasks: new Set(open), say });
    if (wait && !supervisor && result.outcome !== 'left') await endDaemons(forge, say);
    const report = outcomeReport(result);
    return {
      ...report,
      json: { plans: taken, ...(report.json as object) },
      status: report.status || (refused[0] ? 1 : 0),
    };
  },
});

function takenLines({ plan, task, became }: TakenPlan): string[] {
  if (became === 'added') return [`Plan ${plan} is task ${task}.`];
  if (became === 'changed') return [`Plan ${plan} has changed: so has its task ${task}.`];
  if (became === 'same') return [];
  return [`Plan ${plan} is done: its task ${task} is closed. Open it again: forge task reopen ${task}`];
}

/** What they host of these runs waits for a person, who is not there. The runs are paused, and can be resumed. */
async function endDaemons(forge: ForgeCli, say: (line: string) => void): Promise<void> {
  try {
    await forge.stopDaemons(true);
  } catch (failure) {
    say(`The daemons go on: ${(failure as Error).message}`);
  }
}
