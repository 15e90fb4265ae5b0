import type { ProjectView } from '../../app/views/project-view.ts';

/** `  1,000 of 3,204 open`, when there are more open tasks than a view holds; else nothing. */
export function shownOfOpen({ tasks, openTasks }: Partial<ProjectView>): string {
  const shown = tasks?.filter(({ status }) => status === 'open').length ?? 0;
  return openTasks === undefined || openTasks <= shown
    ? ''
    : `  ${shown.toLocaleString('en')} of ${openTasks.toLocaleString('en')} open`;
}
