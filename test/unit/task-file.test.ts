import { beforeEach, expect, test } from 'vitest';
import { type Edited, editTask } from '../../src/app/edit-task.ts';
import { ForgeError } from '../../src/base/errors.ts';
import type { TaskPatch } from '../../src/domain/task.ts';
import { readTaskFile, taskFile } from '../../src/domain/task-file.ts';
import { task } from '../support/project-view.ts';

const bread = task('fg-aaaa', 'Bake bread', {
  body: '# Flour\n\nRye.\n---\nNot a field: this',
  labels: ['oven', 'a, b'],
  dependsOn: ['fg-bbbb'],
  estimateMinutes: 90,
  acceptance: 'It is warm.',
});
const file = taskFile(bread);

/** What is left in files that nobody discarded. */
let kept: string[] = [];
let files = 0;
beforeEach(() => {
  kept = [];
  files = 0;
});

function left(text: string): Edited {
  kept.push(text);
  files += 1;
  return { text, file: `${files}.md`, discard: () => void kept.splice(kept.indexOf(text), 1) };
}

test('a file that is saved as it was changes nothing, whatever the task holds', () => {
  const odd = taskFile({ ...bread, title: 'Two\n---\nlines', acceptance: undefined });
  for (const text of [file, odd]) {
    expect(readTaskFile(text, text)).toEqual({ patch: {} });
    expect(readTaskFile(`${text}\n\n`.replaceAll('\n', '\r\n'), text)).toEqual({ patch: {} });
  }
});

test.each<[string, string, string, TaskPatch]>([
  ['a title', 'title: Bake bread', 'title:  Bake: rye ', { title: 'Bake: rye' }],
  ['a priority', 'priority: 2', 'priority: 0', { priority: 0 }],
  ['labels', 'labels: oven, a, b', 'labels: soon,, oven', { labels: ['soon', 'oven'] }],
  ['what it waits for', 'depends-on: fg-bbbb', 'depends-on:', { dependsOn: [] }],
  ['an estimate in hours', 'estimate: 90m', 'estimate: 2h', { estimateMinutes: 120 }],
  ['no estimate', 'estimate: 90m', 'estimate:', { estimateMinutes: null }],
  ['an agent', 'agent: ', 'agent: codex', { agent: 'codex' }],
  ['a line that is taken out', 'labels: oven, a, b\n', '', {}],
  ['the body', 'Rye.', 'Wheat.', { body: '# Flour\n\nWheat.\n---\nNot a field: this' }],
  ['the acceptance', 'It is warm.', '', { acceptance: null }],
])('%s is changed, and nothing else', (name, before, after, patch) => {
  const read = readTaskFile(file.replace(before, after), file);
  expect(read).toEqual({ patch: name.startsWith('a line') ? {} : patch });
});

test('what is wrong is said in the file, until it is mended; what was typed is kept', async () => {
  const shown: string[] = [];
  const steps = [
    (text: string) => text.replace('priority: 2', 'priority: high').replace('agent:', 'agnet:').replace('Rye', 'Wheat'),
    (text: string) => text.replace('priority: high', 'priority: 1').replace(/^agnet:/m, 'agent: nobody'),
    (text: string) => text.replace('agent: nobody', 'agent:'),
  ];
  const saved = await editTask(
    bread,
    async (text) => {
      shown.push(text.split('\n').slice(1, 4).join('\n'));
      return left(steps.shift()?.(text) ?? text);
    },
    async (patch) => {
      if (patch.agent) throw new ForgeError('agent.missing', `There is no agent ${patch.agent}`);
      return patch;
    },
  );
  expect(saved).toEqual({ priority: 1, body: '# Flour\n\nWheat.\n---\nNot a field: this' });
  expect(shown[1]).toMatch(/^#! priority: a number from 0 .*\n#! “agnet:” is none of: title, priority/);
  expect(shown[2]).toMatch(/^#! There is no agent nobody\.\n# fg-aaaa\./);
  expect(kept).toEqual([]);
});

test('closed without a change, or before a problem is mended: it stays as it is, and what was written is kept', async () => {
  const never = () => Promise.reject(new Error('nothing is to be saved'));
  expect(await editTask(bread, async (text) => left(text), never)).toBeNull();
  expect(kept).toEqual([]);
  const steps = [(text: string) => text.replace('title: Bake bread', 'title:').replace('Rye', 'Wheat')];
  const givesUp = async (text: string) => left(steps.shift()?.(text) ?? text);
  await expect(editTask(bread, givesUp, never)).rejects.toThrow(/What was written is in 3\.md\./);
  expect(kept).toEqual([expect.stringContaining('Wheat')]);
});

test('what cannot be saved for another reason is kept too', async () => {
  const gone = () => Promise.reject(new ForgeError('supervisor.unreachable', 'The supervisor is gone.'));
  const edit = async (text: string) => left(text.replace('Rye', 'Wheat'));
  await expect(editTask(bread, edit, gone)).rejects.toThrow('The supervisor is gone. What was written is in 1.md.');
  expect(kept).toEqual([expect.stringContaining('Wheat')]);
});
