import { passesByItself } from '../../domain/queue.ts';
import { isRunEnded, type Run } from '../../domain/run.ts';
import type { ProjectView } from './project-view.ts';
import { type WorkItem, workItems } from './work-items.ts';

/** How work that is followed stands. `moving`: something goes on without anybody. */
export type Standing = 'moving' | 'well' | 'failed' | 'needs-person';

/** What following needs of a view, of one project or several. */
export type FollowedView = Pick<ProjectView, 'tasks' | 'runs' | 'sessions'>;

/** How some tasks stand, by their newest runs; those without one are not looked at. */
export function standingOf(view: FollowedView, tasks: ReadonlySet<string>): { standing: Standing; runs: Run[] } {
  const all = workItems(view);
  const items = all.filter(({ task, run }) => run !== null && tasks.has(task.id));
  const runs = items.flatMap(({ run }) => run ?? []);
  return { standing: judge(items, all), runs };
}

function judge(items: readonly WorkItem[], all: readonly WorkItem[]): Standing {
  if (items.some(isMoving)) return 'moving';
  const queued = items.filter(({ run }) => run?.status === 'queued');
  // What waits goes on when something else does, be it only to make room.
  if (queued.length > 0 && all.some(isMoving)) return 'moving';
  if (queued.some(({ run }) => passesByItself(run?.reason ?? ''))) return 'moving';
  const hasFailed = items.some(({ run }) => run?.status === 'failed' || run?.status === 'cancelled');
  const isAsked = items.some(({ run, phase }) => run && !isRunEnded(run.status) && phase === 'needs-you');
  if (isAsked) return 'needs-person';
  if (hasFailed) return 'failed';
  return queued.length > 0 ? 'needs-person' : 'well';
}

/** An agent whose provider takes no more for now is told to go on then. */
function isMoving({ phase, run, session }: WorkItem): boolean {
  if (!run || isRunEnded(run.status)) return false;
  return phase === 'working' || (run.status === 'working' && session?.status.state === 'limited');
}
