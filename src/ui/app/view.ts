import type { ComponentType } from 'react';
import type { ProjectView } from '../../app/views/project-view.ts';
import type { Disposable } from '../../base/disposable.ts';
import type { Hands } from '../keymap/hands.ts';
import type { Colour } from '../theme.ts';
import type { Asked } from './asked.ts';
import type { DashboardModel, ShownItem } from './dashboard-model.ts';
import type { SessionScreens } from './session-screens.ts';

/** What can stand in the place of the panes: one file, and one row in `views/views.ts`. */
export interface View {
  id: string;
  /** Opens it, and leads back to the panes. */
  key: string;
  title: string;
  /** For the help and the palette, behind the title. */
  about: string;
  /** On the last line, where there is room. */
  hint?: string;
  /** What to do while there is nothing in it; `{task.new}` stands for the key of that action. */
  empty: string;
  columns: readonly Column[];
  /** Lines of one group stand together, under its title, in this order. */
  groups?: readonly Group[];
  /** The groups stand side by side. */
  isBoard?: boolean;
  /** Its lines are tasks: it is told when not all are shown. */
  isOfTasks?: boolean;
  /** Pure: the same source gives the same lines. Null: what they are made of has not come yet. */
  lines(source: Source): readonly Line[] | null;
  Component: ComponentType<ViewProps>;
  /** Enter; by default the pane of the task, or what else can be done with it. */
  open?(model: DashboardModel): void;
  /** A digit; by default the pane of that number. */
  digit?(model: DashboardModel, hands: Hands, digit: string): void;
  /** Begins to ask for what is not in the project's view, until disposed. */
  follow?(model: DashboardModel, hands: Hands): Disposable;
}

export interface ViewProps {
  view: View;
  cols: number;
  rows: number;
  screens: SessionScreens;
}

/** What lines are made of. */
export interface Source {
  /** Of each project that is shown. */
  views: readonly ProjectView[];
  items: readonly ShownItem[];
  asked: Asked;
  /** See `DashboardState`. */
  snoozed: ReadonlyMap<string, string>;
  /** In ms since the epoch, a little behind: ages need not be renewed with every key. */
  now: number;
}

export interface Column {
  title: string;
  /** In cells of the terminal. */
  cols: number;
  /** It gets what is left over. */
  grows?: boolean;
  /** It grows to no more: on a wide screen what belongs to it would be far from it. */
  most?: number;
  isRight?: boolean;
  /** Left out where the whole list has fewer columns. */
  from?: number;
  /** One of those that a key sorts by. */
  isSorted?: boolean;
}

export interface Group {
  id: string;
  title: string;
  colour?: Colour;
  /** Beside others it is left out while it has no lines. */
  isOptional?: boolean;
}

/** One row of a list. */
export interface Line {
  key: string;
  /** One for each column. */
  cells: readonly Cell[];
  /** Id of what actions mean while it is selected; null: nothing. */
  task: string | null;
  /** The checkout of its project; left out: ids tell it. */
  project?: string;
  /** Id of another run than the newest of the task. */
  run?: string;
  group?: string;
}

/** What a list shows in one place: safe text, on one line. */
export interface Cell {
  text: string;
  colour?: Colour | undefined;
  isBold?: boolean;
  /** In front of the text, in a colour of its own. */
  lead?: { text: string; colour: Colour | undefined };
  /** What it is sorted by, the highest first; without it by its text, from A on. */
  rank?: number;
}

/** Where one is in a view. */
export interface Place {
  selected: string | null;
  /** Of the selected line: the one that comes to stand there is next when it goes. */
  index: number;
  filter: string;
  /** 0: the order of the view; otherwise the so manyeth of the columns that can be sorted by. */
  sort: number;
}

export const firstPlace: Place = { selected: null, index: 0, filter: '', sort: 0 };
