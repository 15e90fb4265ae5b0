import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TaskContext } from '../../src/app/context.ts';
import { parseInput } from '../../src/app/define-operation.ts';
import { taskImport } from '../../src/app/operations/task/exchange.ts';
import { formats, type ImportFormat, recogniseFormat } from '../../src/domain/exchange/formats.ts';
import { tasksAsCsv, tasksAsMarkdown } from '../../src/domain/exchange/write-tasks.ts';
import { taskLine } from '../../src/domain/task-line.ts';
import type { Store } from '../../src/ports/store.ts';
import { openStore } from '../../src/store/open-store.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function open(): Store {
  const store = openStore({ directory: temporaryFolder(), prefix: 'fg', clock: Date.now, actor: 'ada', jsonl: true });
  onTestFinished(() => store.dispose());
  return store;
}

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../fixtures/tasks', name), 'utf8');

function take({ imports }: Store, format: Exclude<ImportFormat, 'jsonl'>, content: string, isDryRun = false) {
  return imports.foreign(`${format}:file`, formats[format].read(content), isDryRun);
}

/** Each task by its title, with its links by title too. */
function graph(store: Store) {
  const tasks = store.export();
  const title = (id: string | null | undefined) => tasks.find((task) => task.id === id)?.title ?? null;
  return Object.fromEntries(
    tasks.map((task) => [
      task.title,
      { status: task.status, dependsOn: task.dependsOn.map(title), parent: title(task.parent) },
    ]),
  );
}

test('beads: ids that can be kept are, links and texts are carried, and a second import changes nothing', () => {
  const store = open();
  const dry = take(store, 'beads', fixture('beads.jsonl'), true);
  expect(store.export()).toEqual([]);
  const first = take(store, 'beads', fixture('beads.jsonl'));
  expect([first.added.length, first.known, first.notes]).toEqual([4, 0, dry.notes]);
  expect(first.notes).toEqual(['line 2: related bd-gone is not there; left out']);
  expect(graph(store)).toEqual({
    'Epic: sign in': { status: 'open', dependsOn: [], parent: null },
    'Sign in with a token': { status: 'open', dependsOn: ['A table of sessions'], parent: 'Epic: sign in' },
    'A table of sessions': { status: 'closed', dependsOn: [], parent: null },
    'Sessions leak': { status: 'open', dependsOn: [], parent: null },
  });
  expect(store.tasks.get('bd-78')).toMatchObject({ discoveredFrom: 'bd-77', labels: ['bug'], priority: 3 });
  const token = store.tasks.details(first.added[1] as string);
  expect(token).toMatchObject({
    id: expect.stringMatching(/^fg-/),
    body: 'By header.\n\n## Design\n\nUse the session table.\n\n## Notes\n\nAsk Bo.',
    acceptance: 'A token is taken once.',
    ...{ assignee: 'ada', estimateMinutes: 90, priority: 0, labels: ['auth', 'feature'], isReady: true },
    createdAt: Date.parse('2025-10-16T14:31:00Z'),
    comments: [{ at: Date.parse('2025-10-16T15:00:00Z'), by: 'bo', text: 'On it.' }],
  });
  const before = store.export();
  expect(take(store, 'beads', fixture('beads.jsonl'))).toEqual({ added: [], known: 4, notes: [] });
  expect(store.export()).toEqual(before);
});

test('task-master: lists of all tags, subtasks as parts, dependencies by number and by path', () => {
  const store = open();
  expect(take(store, 'task-master', fixture('tasks.json')).added).toHaveLength(6);
  expect(graph(store)).toEqual({
    'Set up the project': { status: 'closed', dependsOn: [], parent: null },
    'Build the core': { status: 'open', dependsOn: ['Set up the project'], parent: null },
    Reading: { status: 'open', dependsOn: [], parent: 'Build the core' },
    Writing: { status: 'open', dependsOn: ['Reading'], parent: 'Build the core' },
    'Ship it': { status: 'open', dependsOn: ['Build the core', 'Writing'], parent: null },
    'Rewrite it': { status: 'open', dependsOn: [], parent: null },
  });
  expect(store.tasks.search('npm', { limit: 1, isAll: true })).toMatchObject([
    { priority: 1, acceptance: 'It builds.' },
  ]);
  expect(take(store, 'task-master', fixture('tasks.json'))).toEqual({ added: [], known: 6, notes: [] });
});

test('Markdown: a checklist with parts, bodies, sections and code that only looks like one', () => {
  const store = open();
  const content = `# Plan\n\n- [ ] One (P0)\n  its body\n\n  \`\`\`\n  - [ ] no task\n  \`\`\`\n  * [x] Part\n\nText.\n\n## UI\n1. [ ] One\n1. [ ] One\n- no box\n`;
  expect(take(store, 'markdown', content).added).toHaveLength(4);
  const tasks = store.tasks.list();
  expect(tasks.map(({ title, status, priority, labels, body }) => [title, status, priority, labels, body])).toEqual([
    ['One', 'open', 0, ['Plan'], 'its body\n\n```\n- [ ] no task\n```'],
    ['Part', 'closed', 2, ['Plan'], ''],
    ['One', 'open', 2, ['UI'], ''],
    ['One', 'open', 2, ['UI'], ''],
  ]);
  expect(tasks[1]?.parent).toBe(tasks[0]?.id);
  expect(take(store, 'markdown', content)).toEqual({ added: [], known: 4, notes: [] });
});

test('CSV: quotes, line breaks, columns by name, lists by semicolon', () => {
  const store = open();
  const content =
    '\ufeffKey,Summary,Priority,Tags,Blocked By,Description,State\r\n1,"Say ""hi"", twice",high,a;b,,"two\nlines",open\r\n2,Second,,,1;9,,Done\r\n';
  expect(take(store, 'csv', content).notes).toEqual(['line 4: depends on 9 is not there; left out']);
  expect(graph(store)).toMatchObject({ Second: { status: 'closed', dependsOn: ['Say "hi", twice'] } });
  expect(store.tasks.list()[0]).toMatchObject({ priority: 1, labels: ['a', 'b'], body: 'two\nlines' });
});

test.each([
  ['beads', '{"id":"a-1","title":"x"}\nnonsense\n{"id":"a-2"}\n', /line 2: not JSON; line 3: title/],
  ['beads', '{"id":"a-1","title":"x"}\n{"id":"a-1","title":"y"}\n', /a-1 is there twice/],
  ['task-master', '{"master":{"tasks":[{"id":1,"title":"a"},{"id":2}]}}', /task 2 of master: title/],
  ['task-master', '[]', /no list "tasks"/],
  ['csv', 'a,b\n1,2\n', /line 1: there is no column "title"/],
  ['csv', 'title,priority\nok,1\nbad,soon\n"open', /line 4.*line 3: the priority soon/],
  ['markdown', `- [ ] ok\n- [ ] ${'x'.repeat(501)}\n`, /line 2: title/],
  [
    'beads',
    ['1,2', '2,1']
      .map((pair) => {
        const [id, on] = pair.split(',');
        return JSON.stringify({
          id: `a-${id}`,
          title: 'x',
          dependencies: [{ depends_on_id: `a-${on}`, type: 'blocks' }],
        });
      })
      .join('\n'),
    /wait for each other/,
  ],
  ['csv', 'id,title,parent\n1,a,2\n2,b,1\n', /parts of each other/],
] as const)('%s: a file with a bad line is named with it, and nothing is imported', (format, content, message) => {
  const store = open();
  expect(() => take(store, format, content)).toThrow(message);
  expect(store.export()).toEqual([]);
  expect(store.sync()).toEqual({ problems: [] });
});

test('what is exported is imported elsewhere as the same tasks, and here as known ones', () => {
  const store = open();
  take(store, 'beads', fixture('beads.jsonl'));
  store.tasks.edit('bd-78', { body: '- a list\n- [ ] with a box', title: '=SUM(A1)' });
  const all = store.export();
  const lines = all.map((task) => `${taskLine(task)}\n`).join('');
  expect(store.imports.lines(lines, false)).toEqual({ added: [], known: 4, notes: [] });
  expect(take(store, 'csv', tasksAsCsv(all)).known).toBe(4);
  expect(take(store, 'markdown', tasksAsMarkdown(all.filter(({ id }) => id !== 'bd-78'))).known).toBe(3);
  const elsewhere = open();
  expect(elsewhere.imports.lines(lines, true).added).toHaveLength(4);
  expect(elsewhere.imports.lines(lines, false).added).toHaveLength(4);
  expect(elsewhere.export()).toEqual(all);
  const asTable = open();
  take(asTable, 'csv', tasksAsCsv(all));
  expect(graph(asTable)).toEqual(graph(store));
  expect(asTable.tasks.get('bd-78')).toMatchObject({ title: '=SUM(A1)', body: '- a list\n- [ ] with a box' });
  expect(() => elsewhere.imports.lines(`${lines}{"id":`, false)).toThrow(/line 5: not JSON/);
});

test.each([
  ['.beads/issues.jsonl', '\n{"id":"bd-1","title":"x","issue_type":"task"}\n', 'beads'],
  ['tasks.jsonl', '{"id":"fg-1","title":"x","createdAt":1}', 'jsonl'],
  ['tasks.json', '{}', 'task-master'],
  ['TODO.MD', '', 'markdown'],
  ['a.csv', '', 'csv'],
  ['a.txt', '', null],
])('%s is recognised', (name, content, format) => {
  expect(recogniseFormat(name, content)).toBe(format);
});

test('a circle is told by what its tasks are called in the file', () => {
  const circle = 'id,title,dependsOn,parent\na,A,b,\nb,B,a,\n';
  expect(() => take(open(), 'csv', circle)).toThrow(/^These wait for each other: (a → b → a|b → a → b)\.$/);
  const parts = 'id,title,parent\na,A,b\nb,B,a\n';
  expect(() => take(open(), 'csv', parts)).toThrow(/^These are parts of each other: (a → b → a|b → a → b)\.$/);
});

test('a column that is not known is told, and left out', () => {
  const { added, notes } = take(open(), 'csv', 'title,Colour,name\nBread,brown,x\n');
  expect([added.length, notes]).toEqual([
    1,
    [
      'line 1: the column "Colour" is none that is known; left out',
      'line 1: the column "name" is none that is known; left out',
    ],
  ]);
});

test('a status that is not known is told, and its task is open', () => {
  const { added, notes } = take(open(), 'csv', 'title,status\nBread,In Progress\nSalt,Done\nOil,parked\nTea,\n');
  expect([added.length, notes]).toEqual([4, ['line 4: the status "parked" is none that is known; taken as open']]);
});

const marked: [name: string, content: string][] = [
  ['tasks.csv', 'title\r\nBread\r\n'],
  ['tasks.md', '- [ ] Bread\r\n'],
  ['tasks.json', '{"master":{"tasks":[{"id":1,"title":"Bread"}]}}'],
  ['issues.jsonl', '{"id":"bd-1","title":"Bread","issue_type":"task"}\r\n'],
  ['tasks.jsonl', '{"id":"fg-1","title":"Bread","createdAt":1,"updatedAt":1}\r\n'],
];
test.each(marked)('a byte order mark and CRLF are no part of %s', async (path, content) => {
  const store = open();
  const input = parseInput(taskImport.input, { path: `/${path}`, content: `\ufeff${content}` });
  await taskImport.run({ store, project: { name: 'shop', root: '/shop' } } as TaskContext, input);
  expect(store.tasks.list().map(({ title }) => title)).toEqual(['Bread']);
});
