import { type ForeignFile, type ForeignTask, foreignTask } from './foreign-task.ts';

const item = /^(\s*)(?:[-*+]|\d+[.)])\s+\[([ xX])\]\s+(.*)$/;
const heading = /^#{1,6}\s+(.*?)\s*#*\s*$/;
const fence = /^\s*(```|~~~)/;
/** What `forge task export` writes behind a title. */
const mark = /\s*`([a-z0-9][a-z0-9-]{1,62}[a-z0-9])`\s*$/;
const priority = /\s*\(P([0-4])\)\s*$/;

/**
 * A checklist: each `- [ ]` is a task, an indented one a part of the one above it, text indented below one its body. A
 * heading becomes a label.
 */
export function readMarkdown(content: string): ForeignFile {
  const tasks: ForeignTask[] = [];
  const seen = new Map<string, number>();
  let above: { indent: number; task: ForeignTask }[] = [];
  let section = '';
  let isCode = false;
  for (const [index, raw] of content.replaceAll('\t', '    ').split(/\r?\n/).entries()) {
    if (fence.test(raw)) isCode = !isCode;
    const [, indent = '', check = '', text = ''] = (isCode ? null : item.exec(raw)) ?? [];
    if (text.trim() !== '') {
      above = above.filter((open) => open.indent < indent.length);
      const parent = above.at(-1)?.task ?? null;
      const task = taskOf(text, index + 1, check !== ' ', section, parent, seen);
      tasks.push(task);
      above.push({ indent: indent.length, task });
      continue;
    }
    const title = isCode ? undefined : heading.exec(raw)?.[1];
    if (title !== undefined) {
      section = title;
      above = [];
      continue;
    }
    const last = above.at(-1);
    if (last === undefined) continue;
    if (raw.trim() !== '' && raw.search(/\S/) <= last.indent) above = [];
    else last.task.fields.body = `${last.task.fields.body ?? ''}\n${raw.slice(last.indent + 2)}`;
  }
  for (const { fields } of tasks) fields.body = fields.body?.trim() ?? '';
  return { tasks, problems: [] };
}

function taskOf(
  text: string,
  line: number,
  isClosed: boolean,
  section: string,
  parent: ForeignTask | null,
  seen: Map<string, number>,
): ForeignTask {
  const id = mark.exec(text)?.[1];
  const unmarked = text.replace(mark, '');
  const urgency = priority.exec(unmarked)?.[1];
  const title = unmarked.replace(priority, '').trim();
  const path = [parent?.key ?? section, title].join(' / ');
  const times = (seen.get(path) ?? 0) + 1;
  seen.set(path, times);
  return {
    ...foreignTask(id ?? (times === 1 ? path : `${path} (${times})`), line, title),
    id: id ?? null,
    isClosed,
    parent: parent?.key ?? null,
    fields: {
      ...(section !== '' && { labels: [section] }),
      ...(urgency !== undefined && { priority: Number(urgency) }),
    },
  };
}
