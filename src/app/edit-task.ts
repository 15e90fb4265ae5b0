import { asForgeError, type ErrorCode, endSentence, ForgeError } from '../base/errors.ts';
import type { Task, TaskPatch } from '../domain/task.ts';
import { readTaskFile, taskFile, withProblems } from '../domain/task-file.ts';

/** What a person left in a file. */
export interface Edited {
  text: string;
  /** It stays there until it is discarded. */
  file: string;
  discard(): void;
}

/** Lets a person change the text of a file of that name. Rejects with `editor.failed`, which says where what was written is. */
export type Editor = (text: string, name: string) => Promise<Edited>;

/**
 * A task in the person's editor, again and again until it can be saved. Null: it was left as it was. What was written and
 * cannot be saved is not discarded: the error says where it is. Throws `editor.unmended`.
 */
export async function editTask<Saved>(
  task: Task,
  edit: Editor,
  save: (patch: TaskPatch) => Promise<Saved>,
): Promise<Saved | null> {
  const before = taskFile(task);
  for (let text = before; ; ) {
    const edited = await edit(text, `${task.id}.md`);
    const kept = `What was written is in ${edited.file}.`;
    if (edited.text === text && text !== before) {
      throw new ForgeError('editor.unmended', `${task.id} stays as it is: its text still has what is wrong. ${kept}`);
    }
    const read = readTaskFile(edited.text, before);
    if ('problems' in read) text = withProblems(edited.text, read.problems);
    else if (Object.keys(read.patch).length === 0) {
      edited.discard();
      return null;
    } else {
      try {
        const saved = await save(read.patch);
        edited.discard();
        return saved;
      } catch (failure) {
        const { code, message } = asForgeError(failure);
        if (!mendable.has(code)) throw new ForgeError(code, `${endSentence(message)} ${kept}`, { cause: failure });
        text = withProblems(edited.text, [endSentence(message)]);
      }
    }
    edited.discard();
  }
}

/** What another text can mend. */
const mendable: ReadonlySet<ErrorCode> = new Set(['usage.invalid', 'task.missing', 'task.cycle', 'agent.missing']);
