import { editTask } from '../../../app/edit-task.ts';
import { counted } from '../../../base/counted.ts';
import { ForgeError } from '../../../base/errors.ts';
import { taskCommand, text } from '../../command.ts';
import { taskDetails, taskTable } from '../../output/task.ts';
import { type DraftFlags, draftFlags, draftOf, patchOf } from './draft-flags.ts';

export const taskAddCommand = taskCommand<DraftFlags, [string]>({
  summary: 'Add a task',
  example: 'forge task add "Fix the login" --priority 1 --body "It fails with an empty password."',
  flags: draftFlags,
  args: { kind: 'tuple', parameters: [text('title', 'What is to be done, in one line')] },
  async run(forge, flags, title) {
    const task = await forge.call('task.add', { title, ...draftOf(flags) });
    return { json: task, text: `Added ${taskDetails(task)}` };
  },
});

/** Of the tasks that would change, so many are shown. */
const PREVIEW_MAX = 10;

export const taskEditCommand = taskCommand<
  DraftFlags & { title?: string; where?: string; yes?: boolean },
  [string | undefined]
>({
  summary: 'Change a task, or all that a query finds',
  example: "forge task edit --where 'label:ui priority>=3' --priority 2 --label +soon --yes",
  details:
    'Changes what is given and leaves the rest. With nothing given, in a terminal, it opens the task in $VISUAL or $EDITOR. --label and --depends-on replace the whole list; --label +NAME adds one and --label -NAME takes one away; --env changes the variables it names. With --where it shows what would change, and changes it with --yes: all of them or, if one cannot be, none.',
  flags: {
    ...draftFlags,
    title: { kind: 'parsed', parse: String, brief: 'The new title', optional: true },
    where: { kind: 'parsed', parse: String, brief: 'Change all that this query finds', optional: true },
    yes: { kind: 'boolean', brief: 'Change them, and not only show them', optional: true, withNegated: false },
  },
  args: { kind: 'tuple', parameters: [{ ...text('task', 'Id of the task'), optional: true }] },
  async run(forge, { where, yes, ...flags }, id) {
    const patch = patchOf(flags);
    if ((id === undefined) === (where === undefined)) {
      throw new ForgeError('usage.invalid', 'Name one task, or say which with --where.');
    }
    if (id !== undefined && Object.keys(patch).length === 0 && forge.edit !== null) {
      const details = await forge.call('task.show', { id });
      const changed = await editTask(details, forge.edit, (edited) => forge.call('task.edit', { id, patch: edited }));
      return { json: changed ?? details, text: changed ? taskDetails(changed) : `${id} stays as it is.` };
    }
    if (id !== undefined) {
      const task = await forge.call('task.edit', { id, patch });
      return { json: task, text: taskDetails(task) };
    }
    const result = await forge.call('task.edit.many', { where: where ?? '', patch, isSure: yes ?? false });
    const { isDone, tasks } = result;
    const count = counted(tasks.length, 'task');
    if (isDone) return { json: result, text: `Changed ${count}.` };
    const shown = await taskTable(tasks.slice(0, PREVIEW_MAX), '');
    const more = tasks.length > PREVIEW_MAX ? [`… and ${tasks.length - PREVIEW_MAX} more`] : [];
    const next = tasks.length === 0 ? [] : ['Nothing is changed yet: say --yes.'];
    const lines = [shown.text, ...more, `Would change ${count}.`, ...next];
    return { json: result, text: lines.filter(Boolean).join('\n') };
  },
});
