import { openStore } from '../../../src/store/open-store.ts';
import { actions } from '../../../src/ui/keymap/actions.ts';
import { putScriptedAgent } from '../../support/scripted-agent.ts';
import { key, type Terminal } from '../../support/terminal.ts';
import { until } from '../../support/until.ts';
import { World } from '../../support/world.ts';

/** What an action does, seen in the dashboard of a room; it leaves list and panes as they were. */
export type Story = (room: Room) => Promise<unknown>;

/** A place where some actions belong together: the tasks that are there when it opens, and a story an action, in their order. */
export interface RoomPlan {
  tasks: readonly string[];
  /** Before the first story. */
  prepare?: Story;
  stories: Readonly<Record<string, Story>>;
}

export const roomCols = 140;

/** What the person does in it. */
const editor = 'sed -i "s/^title: Buns/title: Rolls/"';

/** A project with scripted agents and its dashboard in a terminal. */
export class Room {
  readonly world = new World();
  /** The actions that were done, by their ids. */
  readonly done = new Set<string>();
  #terminal: Terminal | null = null;

  static async open({ tasks, prepare }: RoomPlan): Promise<Room> {
    const room = new Room();
    await putScriptedAgent(room.world, ['ada', 'bob', 'cyd']);
    const directory = `${room.world.repository}/.forge`;
    // In their order, however quickly they are made.
    let now = Date.now() - tasks.length;
    const store = openStore({ directory, prefix: 'fg', clock: () => now++, jsonl: true });
    for (const title of tasks) store.tasks.add({ title });
    store.dispose();
    try {
      await room.show();
      await prepare?.(room);
    } catch (failure) {
      await room[Symbol.asyncDispose]();
      throw failure;
    }
    return room;
  }

  get terminal(): Terminal {
    if (this.#terminal === null) throw new Error('No dashboard is open.');
    return this.#terminal;
  }

  /** Opens the dashboard. */
  async show(): Promise<void> {
    this.#terminal = this.world.open(['tui'], { cols: roomCols, rows: 40, env: { EDITOR: editor } });
    await this.sees(/ada +\w{4}/);
  }

  press(...keys: string[]): void {
    this.terminal.press(...keys);
  }

  sees(expected: string | RegExp): Promise<string> {
    return this.terminal.sees(expected);
  }

  seesNo(unexpected: string | RegExp): Promise<string> {
    return this.terminal.seesNo(unexpected);
  }

  /** What is selected, in the list or in a view, is shown inverse. */
  async selects(expected: string): Promise<void> {
    await until(`${expected} is selected`, () => this.#isSelected(expected), { shown: () => this.terminal.screen });
  }

  /** Clicks the row of the list that has this text; again when the row has moved meanwhile. */
  async goTo(text: string): Promise<void> {
    await this.sees(text);
    const look = () => {
      const isThere = this.#isSelected(text);
      if (!isThere) this.#click(text);
      return isThere;
    };
    await until(`${text} is selected`, look, { everyMs: 250, shown: () => this.terminal.screen });
  }

  /** As somebody who finds the action in the palette does it. */
  async byName(id: string): Promise<void> {
    const { title } = this.#action(id);
    this.press(':');
    await this.sees('Find an action');
    this.press(title.slice(0, titleCols));
    await this.selects(title.slice(0, titleCols));
    this.press(key.enter);
    await this.seesNo('Find an action');
    this.done.add(id);
  }

  /** Its first key, unless another one of its keys is named. */
  byKey(id: string, name: string = this.#action(id).keys[0] ?? ''): void {
    this.press(bytes[name] ?? name);
    this.done.add(id);
  }

  /** Leaves a dialog or a view that shows `text`. */
  async leaves(text: string): Promise<void> {
    this.press(key.escape);
    await this.seesNo(text);
  }

  /** Gives the task to the first worker that is idle, and sees its agent at work. */
  async dispatch(title: string): Promise<void> {
    await this.goTo(title);
    this.press('d');
    await this.sees('the first that can take it');
    this.press(key.enter);
    await this.sees(`at work on ${title}`);
  }

  /** The run of the task as the store has it, once it is so. */
  async comesTo(title: string, status: string): Promise<RunRow> {
    let seen: RunRow | undefined;
    const look = async () => {
      const tasks = await this.world.json<TaskRow[]>('task', 'list', '--all');
      const { id } = tasks.find((task) => task.title === title) ?? { id: '' };
      seen = (await this.world.json<RunRow[]>('runs')).find(({ task }) => task === id);
      return seen?.status === status && seen;
    };
    return until(`the run of ${title} is ${status}`, look, { shown: () => JSON.stringify(seen) });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.world.dispose();
  }

  #isSelected(expected: string): boolean {
    return this.terminal.inverse.some((text) => text.includes(expected));
  }

  #action(id: string) {
    const action = actions.find((candidate) => candidate.id === id);
    if (!action) throw new Error(`There is no action ${id}.`);
    return action;
  }

  #click(text: string): void {
    const rows = this.terminal.screen.split('\n');
    const y = rows.findIndex((row) => row.slice(0, listCols).includes(text)) + 1;
    const x = (rows[y - 1] ?? '').indexOf(text) + 1;
    this.press(`\x1b[<0;${x};${y}M\x1b[<0;${x};${y}m`);
  }
}

export interface TaskRow {
  id: string;
  title: string;
  status: string;
  priority: number;
  dependsOn: string[];
}

export interface RunRow {
  id: string;
  task: string;
  status: string;
  worker: string;
  worktree: string;
}

/** So much of a title is seen in the palette in any case. */
const titleCols = 40;
/** The list on the left. */
const listCols = Math.floor(roomCols * 0.26);

/** What a terminal sends for keys that have a name. */
const bytes: Record<string, string> = {
  ...{ enter: key.enter, escape: key.escape, tab: key.tab, leader: key.leader, 'ctrl+p': '\x10', 'ctrl+d': '\x04' },
  ...{ up: key.up, down: key.down, right: key.right, left: key.left },
  ...{ home: '\x1b[H', end: '\x1b[F', pageup: '\x1b[5~', pagedown: '\x1b[6~' },
};
