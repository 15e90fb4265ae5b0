import { command, text } from '../command.ts';
import { table } from '../output/table.ts';

export const projectListCommand = command({
  summary: 'List the repositories that Forge knows',
  example: 'forge project list',
  async run(forge) {
    const projects = await forge.projects();
    const rows = projects.map(({ name, prefix, root, isThere }) => [name, prefix, isThere ? root : `${root} (gone)`]);
    return { json: projects, text: await table(rows, 'None yet. Set one up: forge init') };
  },
});

export const projectAddCommand = command<Record<string, unknown>, [string | undefined]>({
  summary: 'Make a repository known that is set up already, such as a clone',
  example: 'forge project add ~/code/shop',
  details: 'A repository becomes known by itself when a command runs in it. To set one up: forge init.',
  args: { kind: 'tuple', parameters: [{ ...text('path', 'Its checkout; this one unless given'), optional: true }] },
  async run(forge, _flags, path) {
    const project = await forge.addProject(path ?? null);
    return { json: project, text: `${project.name} is known: ${project.root}` };
  },
});

export const projectRemoveCommand = command<Record<string, unknown>, [string]>({
  summary: 'Forget a repository; nothing in it changes',
  example: 'forge project remove shop',
  details: 'Its .forge/, its worktrees and its backups stay where they are. Refused while runs of it are live.',
  args: { kind: 'tuple', parameters: [text('name', 'As forge project list shows it')] },
  async run(forge, _flags, name) {
    const { backups } = await forge.removeProject(name);
    const kept = backups === null ? '' : `\nIts backups are in ${backups}`;
    return { json: { name, backups }, text: `${name} is forgotten.${kept}` };
  },
});
