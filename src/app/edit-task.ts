import { endSentence, ForgeError } from '../base/errors.ts';
import type { Task, TaskPatch } from '../domain/task.ts';
import { readTaskFile, taskFile, withProblems } from '../domain/task-file.ts';

/** Lets a person change the text of a file of that name; resolves with what they left. Rejects with `editor.failed`. */
export type Editor = (text: string, name: string) => Promise<string>;

/** A task in the person's editor, again and again until it can be saved. Null: it was left as it was. */
export async function editTask<Saved>(
  task: Task,
  edit: Editor,
  save: (patch: TaskPatch) => Promise<Saved>,
): Promise<Saved | null> {
  const before = taskFile(task);
  for (let text = before; ; ) {
    const edited = await edit(text, `${task.id}.md`);
    if (edited === text) return null;
    const read = readTaskFile(edited, before);
    if ('problems' in read) {
      text = withProblems(edited, read.problems);
      continue;
    }
    if (Object.keys(read.patch).length === 0) return null;
    try {
      return await save(read.patch);
    } catch (failure) {
      if (!(failure instanceof ForgeError) || !mendable.has(failure.code)) throw failure;
      text = withProblems(edited, [endSentence(failure.message)]);
    }
  }
}

/** What another text can mend. */
const mendable: ReadonlySet<string> = new Set(['usage.invalid', 'task.missing', 'task.cycle', 'agent.missing']);
