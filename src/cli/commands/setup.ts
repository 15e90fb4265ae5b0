import { ForgeError } from '../../base/errors.ts';
import { command } from '../command.ts';
import type { InitReport } from '../forge-cli.ts';
import { table } from '../output/table.ts';
import { withVariables } from '../output/variables.ts';

type InitFlags = {
  stealth?: boolean;
  branch?: string;
  prefix?: string;
  hooks: boolean;
  upgrade?: boolean;
  yes?: boolean;
};

export const initCommand = command<InitFlags>({
  summary: 'Set up Forge in this repository',
  example: 'forge init --stealth',
  details:
    'Makes .forge/ with a configuration and an empty task graph. Standard: .forge/ is meant to be committed, and hooks of git, behind those that are there, keep it in step. Stealth: nothing is tracked, and git status, hooks and configuration stay as they are; only .git/info/exclude gains a line. Branch: as stealth, with tasks and settings on a branch of their own, which leaves this machine by forge sync alone. --upgrade makes a stealth project a standard one: it shows what would change, and does it with --yes.',
  flags: {
    stealth: { kind: 'boolean', brief: 'Leave no trace that a teammate could see', optional: true },
    branch: {
      kind: 'parsed',
      parse: String,
      brief: 'Keep the data on this branch, and nothing on others',
      optional: true,
    },
    prefix: { kind: 'parsed', parse: String, brief: 'What task ids begin with, 2 to 8 letters', optional: true },
    hooks: { kind: 'boolean', brief: 'Hooks of git that keep tasks.jsonl in step (standard)', default: true },
    upgrade: { kind: 'boolean', brief: 'Change the mode of a project that is set up', optional: true },
    yes: { kind: 'boolean', brief: 'Do what --upgrade has shown', optional: true },
  },
  async run(forge, { stealth, branch, prefix, hooks, upgrade = false, yes = false }) {
    if (stealth && branch !== undefined)
      throw new ForgeError('usage.invalid', '--stealth and --branch exclude each other.');
    const mode = stealth ? 'stealth' : branch === undefined ? 'standard' : 'branch';
    if (upgrade && mode === 'branch') {
      throw new ForgeError('usage.invalid', 'A project that is set up cannot be moved to a branch.', {
        next: 'Make it standard with forge init --upgrade, or leave it unseen with forge init --stealth --upgrade',
      });
    }
    const request = { mode, hooks, isUpgrade: upgrade, isConfirmed: yes, branch: branch ?? null } as const;
    const report = await forge.init({ ...request, prefix: prefix ?? null });
    return { json: report, text: (report.plan.length > 0 ? planLines(report) : doneLines(report)).join('\n') };
  },
});

function planLines({ project, mode, plan }: InitReport): string[] {
  return [
    `${project.root} would become ${mode}:`,
    ...plan.map((line) => `  ${line}`),
    '',
    'Nothing was changed yet. Do it: say it again with --yes',
  ];
}

function doneLines({ project, mode, prefix, made, agents, note }: InitReport): string[] {
  const unseen = 'none found on PATH; name your program in .forge/config.yaml, or see a demo: forge tui --demo';
  return [
    `Forge is set up in ${project.root} (${mode}); task ids begin with ${prefix}-.`,
    `  made      ${made.join(', ')}`,
    `  agents    ${agents.join(', ') || unseen}`,
    ...(note === null ? [] : [`  note      ${note}`]),
    '',
    'Next: forge tui (or first: forge task add "What is to be done")',
  ];
}

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
