import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { counted } from '../../base/counted.ts';
import { asForgeError } from '../../base/errors.ts';
import { lookAtStore } from '../../store/look-at-store.ts';
import { rebuildStore } from '../../store/rebuild-store.ts';
import { type DoctorCheck, type DoctorPlace, type DoctorProject, type Finding, inProjects } from '../check.ts';

export const databaseCheck: DoctorCheck = {
  name: 'database',
  why: 'Tasks, runs and their history are in it.',
  fix: 'Puts it aside under another name in the same folder, and makes a new one: tasks from tasks.jsonl, and of the rest what can be read.',
  look: inProjects((project, place) => {
    const file = join(project.directory, 'forge.db');
    const mend = () => rebuild(project, place, file);
    const size = lstatSync(file, { throwIfNoEntry: false })?.size;
    if (size === 0) return [{ what: `${file} is empty.`, mend }];
    try {
      lookAtStore(project.directory, 'fg')?.dispose();
      return [];
    } catch (failure) {
      const { code, message, next } = asForgeError(failure);
      const finding: Finding = { what: message.endsWith('.') ? message : `${message}.`, next };
      // One of another version is as it should be.
      return code === 'store.broken' ? [{ ...finding, mend }] : [finding];
    }
  }),
};

async function rebuild(project: DoctorProject, place: DoctorPlace, file: string): Promise<string> {
  // It would go on writing into the old one.
  await place.stopSupervisor();
  const { kept, rows } = rebuildStore(file, place.now());
  const store = project.open();
  try {
    const tasks = store.tasks.count();
    const read = Object.entries(rows).map(([table, count]) => `${count} of ${table}`);
    const runs = store.runs.list().length;
    return `It is ${kept} now. The new one has ${counted(tasks, 'task')} and ${counted(runs, 'run')}; read from the old one: ${read.join(', ') || 'nothing'}.`;
  } finally {
    store.dispose();
  }
}
