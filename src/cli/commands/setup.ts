import { ForgeError } from '../../base/errors.ts';
import { command } from '../command.ts';
import { table } from '../output/table.ts';
import { withVariables } from '../output/variables.ts';

export const initCommand = command<{ stealth?: boolean; prefix?: string }>({
  summary: 'Set up Forge in this repository',
  example: 'forge init --stealth',
  details:
    'Makes .forge/ with a configuration and an empty task graph. Standard: .forge/ is meant to be committed. Stealth: nothing is tracked, and git status, hooks and configuration stay as they are; only .git/info/exclude gains a line.',
  flags: {
    stealth: { kind: 'boolean', brief: 'Leave no trace that a teammate could see', optional: true },
    prefix: { kind: 'parsed', parse: String, brief: 'What task ids begin with, 2 to 8 letters', optional: true },
  },
  async run(forge, { stealth, prefix }) {
    const report = await forge.init({ mode: stealth ? 'stealth' : 'standard', prefix: prefix ?? null });
    const lines = [
      `Forge is set up in ${report.project.root} (${report.mode}); task ids begin with ${report.prefix}-.`,
      `  made      ${report.made.join(', ')}`,
      `  agents    ${report.agents.join(', ') || 'none found on PATH; name your program in .forge/config.yaml, or see a demo: forge tui --demo'}`,
      '',
      'Next: forge task add "What is to be done", then forge tui',
    ];
    return { json: report, text: lines.join('\n') };
  },
});

export const tuiCommand = command<{ demo?: boolean }>({
  summary: 'Open the dashboard',
  example: 'forge tui --demo',
  details: 'Live panes of every agent, the tasks and the workers. q leaves and the agents go on; ? shows the keys.',
  flags: { demo: { kind: 'boolean', brief: 'A throw-away repository with scripted agents', optional: true } },
  async run(forge, { demo, json }) {
    if (json) {
      throw new ForgeError('usage.invalid', 'The dashboard has no JSON form.', {
        next: 'Use: forge runs --json, forge session list --json',
      });
    }
    await forge.dashboard({ isDemo: demo ?? false, session: null });
  },
});

export const configCommand = command({
  summary: 'Show each setting in force and where it comes from',
  example: 'forge config',
  async run(forge) {
    const rows = await forge.settings();
    const lines = rows.map(({ key, value, source, hasEffect }) => [
      key,
      JSON.stringify(value),
      hasEffect ? source : `${source} (without effect in this version)`,
    ]);
    return { json: rows, text: await table(lines, '') };
  },
});

export const projectListCommand = command({
  summary: 'List the repositories that Forge knows',
  example: 'forge project list',
  async run(forge) {
    const projects = await forge.projects();
    return {
      json: projects,
      text: await table(
        projects.map(({ name, root }) => [name, root]),
        'None yet. Set one up: forge init',
      ),
    };
  },
});

export const workerListCommand = command({
  summary: 'List the workers and what they do',
  example: 'forge worker list',
  async run(forge) {
    const workers = await forge.call('worker.list', {});
    const rows = workers.map((worker) => [
      worker.name,
      worker.agent,
      worker.mode,
      worker.run ?? 'idle',
      worker.problem ?? '',
    ]);
    const lines = (await table(rows, 'No workers. Add one in .forge/config.yaml')).split('\n');
    const text = lines.map((line, index) => withVariables(line, workers[index]?.variables ?? []));
    return { json: workers, text: text.join('\n') };
  },
});
