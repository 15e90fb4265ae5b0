import { type Ensure, runMachine } from '../../src/machines/run-machine.ts';
import { code, fence, page, table } from './markdown.ts';

interface Transition {
  target?: string;
  description?: string;
}

interface State {
  type?: string;
  meta?: { ensure: Ensure };
  on?: Record<string, Transition | Transition[]>;
}

const meanings: Record<Ensure, string> = {
  nothing: 'Nothing is started. It waits for its turn below `limits.total`.',
  worktree: 'The worktree and its branch exist, files are copied, setup commands have run.',
  session: 'The session host has the session: started once, adopted ever after.',
  interrupted: 'Nothing is started. An agent that is at work is told to stop, once; its session stays.',
  gates: 'The gates of the project run in the worktree, one time of running them; a time that is over is ended.',
  fix: 'The agent was told what a gate or a merge said: once, or in the first words of a session that goes on.',
  rewound: 'The worktree is what it was at the checkpoint before; what was there is kept.',
  delivery: 'No session of it lives, and its work is delivered once.',
  merge: 'Whether it was merged is asked now and then.',
  ended: 'The program has ended and what it did is kept at `refs/forge/kept/<run>/1`.',
};

export function runMachinePage(): string {
  const states = Object.entries(runMachine.config.states ?? {}) as [string, State][];
  const lines = states.flatMap(([name, { type, on = {} }]) => [
    ...Object.entries(on).flatMap(([event, transitions]) =>
      [transitions].flat().map(({ target, description }) => {
        const condition = description === undefined ? '' : ` (${description})`;
        return `  ${name} --> ${target ?? name}: ${event}${condition}`;
      }),
    ),
    ...(type === 'final' ? [`  ${name} --> [*]`] : []),
  ]);
  const ensured = states.map(([name, { meta }]) => {
    const ensure = meta?.ensure ?? 'nothing';
    return [code(name), code(ensure), meanings[ensure]];
  });
  return page(
    'The machine of a run',
    'src/machines/run-machine.ts',
    fence('mermaid', ['stateDiagram-v2', `  [*] --> ${String(runMachine.config.initial)}`, ...lines].join('\n')),
    'Several arrows of one event: the first whose condition holds. An event that a state does not name means nothing there: a late signal or a second cancel changes nothing.',
    '## What must be true in each state',
    'The machine only declares it; `src/app/supervisor/run-driver.ts` makes it true after each event and again after each restart. Each is safe to repeat ([why](../adr/0002-level-triggered-runs.md)).',
    table(['state', 'ensures', 'that is'], ensured),
  );
}
