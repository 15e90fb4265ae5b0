import { setTimeout as pause } from 'node:timers/promises';
import type { AppClient } from '../app/client.ts';
import type { ProjectView } from '../app/views/project-view.ts';
import type { Disposable } from '../base/disposable.ts';

/** How long after a supervisor went away the next one is looked for, in ms, and how often that may fail in a row. */
const againMs = 500;
const failuresMax = 20;

/** Tells the whole view of a project, whenever a part of it has changed, also when the supervisor is replaced meanwhile. */
export async function followProject(
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
