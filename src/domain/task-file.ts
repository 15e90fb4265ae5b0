import type { Task, TaskPatch } from './task.ts';

/** A task as a file for an editor: fields between two lines of `---`, then what the agent is told, as Markdown. */
export function taskFile(task: Task): string {
  return [
    '---',
    `# ${task.id}. Save and close changes it; closed without a change it stays as it is.`,
    `title: ${oneLine(task.title)}`,
    `priority: ${task.priority}`,
    `labels: ${oneLine(task.labels.join(', '))}`,
    `depends-on: ${task.dependsOn.join(', ')}`,
    `parent: ${task.parent ?? ''}`,
    `assignee: ${oneLine(task.assignee ?? '')}`,
    `estimate: ${task.estimateMinutes === undefined ? '' : `${task.estimateMinutes}m`}`,
    `agent: ${oneLine(task.agent ?? '')}`,
    '---',
    task.body,
    acceptanceLine,
    task.acceptance ?? '',
    '',
  ].join('\n');
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

/** Everything below it is the acceptance. */
const acceptanceLine = '--- what must be true for it to be accepted ---';
const problemStart = '#! ';

/** The file again, with what was wrong with it in its first lines. */
export function withProblems(file: string, problems: readonly string[]): string {
  const lines = file.split('\n').filter((line) => !line.startsWith(problemStart));
  const at = lines.indexOf('---') + 1;
  return [...lines.slice(0, at), ...problems.map((problem) => `${problemStart}${problem}`), ...lines.slice(at)].join(
    '\n',
  );
}

export type ReadTaskFile = { patch: TaskPatch } | { problems: string[] };

/** What differs from `before`, the file as it was made: what a file cannot hold exactly is not changed by it. */
export function readTaskFile(file: string, before: string): ReadTaskFile {
  const problems: string[] = [];
  const old = parse(before, []);
  const now = parse(file, problems);
  if (problems.length > 0) return { problems };
  const isChanged = ([name, value]: [string, unknown]) =>
    JSON.stringify(value) !== JSON.stringify(old[name as keyof TaskPatch]);
  return { patch: Object.fromEntries(Object.entries(now).filter(isChanged)) };
}

function parse(file: string, problems: string[]): TaskPatch {
  const lines = file.replaceAll('\r\n', '\n').split('\n');
  const end = lines.indexOf('---', 1);
  if (lines[0] !== '---' || end < 0) {
    problems.push('The fields stand between two lines of ---, the first of which is the first line.');
    return {};
  }
  const patch: TaskPatch = {};
  for (const line of lines.slice(1, end)) {
    if (line.startsWith('#') || line.trim() === '') continue;
    const [, name = '', value = ''] = /^\s*([a-z-]+)\s*:(.*)$/.exec(line) ?? [];
    const field = fields[name];
    if (!field) problems.push(`“${line.trim()}” is none of: ${Object.keys(fields).join(', ')}.`);
    else Object.assign(patch, field(value.trim(), problems));
  }
  const below = lines.slice(end + 1);
  const at = below.lastIndexOf(acceptanceLine);
  patch.body = textOf(at < 0 ? below : below.slice(0, at));
  if (at >= 0) patch.acceptance = textOf(below.slice(at + 1)) || null;
  return patch;
}

/** By the name of the field: what its text says. A line that is taken out changes nothing. */
const fields: Record<string, (value: string, problems: string[]) => TaskPatch> = {
  title: (title, problems) => {
    if (title === '') problems.push('A task needs a title.');
    return { title };
  },
  priority: (value, problems) => {
    if (!/^[0-4]$/.test(value)) problems.push('priority: a number from 0 (the most urgent) to 4.');
    return { priority: Number(value) };
  },
  labels: (value) => ({ labels: namesIn(value) }),
  'depends-on': (value) => ({ dependsOn: namesIn(value) }),
  parent: (value) => ({ parent: value || null }),
  assignee: (value) => ({ assignee: value || null }),
  estimate: (value, problems) => {
    const [, number, unit] = /^(\d{1,6})(m|h|)$/.exec(value) ?? [];
    if (value !== '' && number === undefined) problems.push('estimate: 90m, 2h, or nothing.');
    return { estimateMinutes: Number(number ?? 0) * (unit === 'h' ? 60 : 1) || null };
  },
  agent: (value) => ({ agent: value || null }),
};

function namesIn(value: string): string[] {
  return value
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
}

/** Editors end the last line, and people leave blank ones. */
function textOf(lines: readonly string[]): string {
  return lines.join('\n').trimEnd();
}
