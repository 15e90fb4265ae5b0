import { expect, test } from 'vitest';
import { editTask } from '../../src/app/edit-task.ts';
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
      return steps.shift()?.(text) ?? text;
    },
    async (patch) => {
      if (patch.agent) throw new ForgeError('agent.missing', `There is no agent ${patch.agent}`);
      return patch;
    },
  );
  expect(saved).toEqual({ priority: 1, body: '# Flour\n\nWheat.\n---\nNot a field: this' });
  expect(shown[1]).toMatch(/^#! priority: a number from 0 .*\n#! “agnet:” is none of: title, priority/);
  expect(shown[2]).toMatch(/^#! There is no agent nobody\.\n# fg-aaaa\./);
});

test('closed without a change, at once or before a problem is mended: it stays as it is', async () => {
  const never = () => Promise.reject(new Error('nothing is to be saved'));
  expect(await editTask(bread, async (text) => text, never)).toBeNull();
  let times = 0;
  const givesUp = async (text: string) => (times++ === 0 ? text.replace('title: Bake bread', 'title:') : text);
  expect(await editTask(bread, givesUp, never)).toBeNull();
  expect(times).toBe(2);
});
