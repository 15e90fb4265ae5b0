import type { Phase } from '../../app/views/work-items.ts';
import { plainText } from '../../base/text.ts';
import type { ListRow } from '../app/dashboard-model.ts';
import type { Line, View } from '../app/view.ts';

/** What a mark says to the eye. */
export const phaseWords: Record<Phase, string> = {
  'needs-you': 'needs you',
  working: 'working',
  queued: 'queued',
  awaiting: 'to be merged',
  ready: 'ready',
  blocked: 'blocked',
  closed: 'closed',
};

/** A row of the list, as it is read out: first what tells it from the others. `project`: its name, where several are shown. */
export function rowWords(row: ListRow, project: string | null): string {
  const place = project === null ? '' : `, in ${project}`;
  if (row.kind === 'worker') {
    const doing = row.item ? `${row.item.session?.status.state ?? 'starting'}, ${row.item.task.title}` : 'idle';
    return plainText(`worker ${row.name}: ${row.problem ?? doing}${place}`);
  }
  const { task, phase, note } = row.item;
  return plainText(`${task.title}: ${phaseWords[phase]}${note && `, ${note}`}, ${task.id}${place}`);
}

/** A line of a view: its group, and each cell with the title of its column. */
export function lineWords(line: Line, { columns, groups }: View): string {
  const group = groups?.find(({ id }) => id === line.group)?.title;
  const cells = line.cells.flatMap(({ text }, index) => {
    const title = columns[index]?.title ?? '';
    return text.trim() === '' ? [] : [`${index > 0 && title !== '' ? `${title} ` : ''}${text.trim()}`];
  });
  return [group, ...cells].filter(Boolean).join(', ');
}
