import { setTimeout as pause } from 'node:timers/promises';
import type { AppClient } from '../app/client.ts';
import type { FollowedView } from '../app/views/follow-work.ts';
import type { ProjectView } from '../app/views/project-view.ts';
import { type Disposable, DisposableStack } from '../base/disposable.ts';

/** How long after a supervisor went away the next one is looked for, in ms, and how often that may fail in a row. */
const againMs = 500;
const failuresMax = 20;

/** Tells what some projects have together, when each has told its whole view. */
export async function followProjects(
  connects: readonly (() => Promise<AppClient>)[],
  listener: (view: FollowedView) => void,
  failed: (failure: unknown) => void,
): Promise<Disposable> {
  const held = new DisposableStack();
  const views: (FollowedView | null)[] = connects.map(() => null);
  const tell = () => {
    const known = views.filter((view) => view !== null);
    if (known.length < views.length) return;
    listener({
      tasks: known.flatMap(({ tasks }) => tasks),
      runs: known.flatMap(({ runs }) => runs),
      sessions: known.flatMap(({ sessions }) => sessions),
    });
  };
  for (const [index, connect] of connects.entries()) {
    const take = (view: ProjectView) => {
      views[index] = view;
      tell();
    };
    held.use(await followProject(connect, take, failed));
  }
  return held;
}

/** Tells the whole view of a project, whenever a part of it has changed, also when the supervisor is replaced meanwhile. */
async function followProject(
  connect: () => Promise<AppClient>,
  listener: (view: ProjectView) => void,
  failed: (failure: unknown) => void,
): Promise<Disposable> {
  let view: Partial<ProjectView> = {};
  let isOver = false;
  let client: AppClient | null = null;
  const open = async () => {
    client = await connect();
    client.onClose(() => void goOn());
    await client.watch((slices) => {
      view = { ...view, ...slices };
      // Without its sessions it is not whole: the supervisor has not reached the session host yet.
      if (!isOver && view.sessions) listener(view as ProjectView);
    });
  };
  const goOn = async () => {
    for (let failures = 1; !isOver; failures++) {
      await pause(againMs);
      if (isOver) return;
      try {
        return await open();
      } catch (failure) {
        if (failures === failuresMax) return failed(failure);
      }
    }
  };
  await open();
  return {
    dispose() {
      isOver = true;
      client?.dispose();
    },
  };
}
