import { buildRouteMap } from '@stricli/core';
import { ForgeError } from '../../base/errors.ts';
import { command } from '../command.ts';

export const tuiCommand = command<{ demo?: boolean; all?: boolean }>({
  summary: 'Open the dashboard',
  example: 'forge tui --demo',
  details:
    'Live panes of every agent, the tasks and the workers. q leaves and the agents go on; ? shows the keys. With --all, and outside of a repository: of all projects; P changes between all and one.',
  flags: {
    all: { kind: 'boolean', brief: 'All projects that Forge knows', optional: true },
    demo: { kind: 'boolean', brief: 'A throw-away repository with scripted agents', optional: true },
  },
  async run(forge, { demo, all, json }) {
    if (json) {
      throw new ForgeError('usage.invalid', 'The dashboard has no JSON form.', {
        next: 'Use: forge runs --json, forge session list --json',
      });
    }
    await forge.dashboard({ isDemo: demo ?? false, isAll: all ?? false, session: null });
  },
});

/** What the program of `src/main/tui-program.ts` knows. */
export const tuiProgram = buildRouteMap({ docs: { brief: 'The dashboard' }, routes: { tui: tuiCommand } });
