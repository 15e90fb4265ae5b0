import type { ProjectView } from '../../app/views/project-view.ts';
import type { WorkItem } from '../../app/views/work-items.ts';
import { type Arrangement, firstArrangement, type PaneNames } from '../../domain/arrangement.ts';
import type { Run } from '../../domain/run.ts';
import type { SessionView } from '../../domain/session.ts';
import { type Asked, nothingAsked } from './asked.ts';
import type { Place, View } from './view.ts';

/** What lies over the panes; null when nothing does. */
export type Dialog =
  | { kind: 'task-form'; item: WorkItem | null }
  | { kind: 'worker-picker'; item: WorkItem }
  | { kind: 'limit-form' }
  | { kind: 'dependency-picker'; item: WorkItem }
  | { kind: 'batch-picker'; item: WorkItem }
  | { kind: 'confirm'; question: string; detail: string; yes: () => void }
  | { kind: 'run'; run: string }
  | { kind: 'prompt'; session: SessionView }
  | { kind: 'name-form'; session: SessionView }
  | { kind: 'delivery-picker'; run: Run }
  | { kind: 'radar' }
  | { kind: 'rewind-picker'; run: string }
  | { kind: 'help' }
  | { kind: 'tour' }
  | { kind: 'palette' };

export interface Message {
  text: string;
  tone: 'info' | 'good' | 'bad';
}

/** A project of several that are shown. */
export interface ShownProject {
  /** Its main checkout. */
  root: string;
  name: string;
  /** What its task ids begin with. */
  prefix: string;
  /** Why nothing of it can be shown; null: it can, or will be. */
  problem: string | null;
}

/** All that the dashboard shows, beside the panes' cells. */
export interface DashboardState {
  /** Of the project that is shown; of several, of the one where the selection is. */
  view: ProjectView | null;
  /** All that are shown, in the order of the list; null: one project alone. */
  projects: readonly ShownProject[] | null;
  connection: 'connecting' | 'live' | 'lost';
  /** In the place of the panes; null: the panes. */
  showing: View | null;
  /** Where one is in each view that was opened, by its id. */
  places: Readonly<Record<string, Place>>;
  /** The filter of the shown view is being typed. */
  isFiltering: boolean;
  asked: Asked;
  /** Tasks that need somebody and were put off, each with how it stood then: another standing brings it back. */
  snoozed: ReadonlyMap<string, string>;
  /** Problems that this dashboard has by itself. */
  problems: readonly string[];
  /** Where the arrow keys go. */
  zone: 'list' | 'panes';
  /** Id of the selected task or `worker:<name>`; null until there is one. */
  selected: string | null;
  /** Id of the session whose pane is selected. */
  pane: string | null;
  isZoomed: boolean;
  arrangement: Arrangement;
  names: PaneNames;
  /** Keys go to the selected pane. */
  isTyping: boolean;
  /** The leader was pressed while typing, and no key since. */
  isAfterLeader: boolean;
  /** What was copied last in a pane; null until something was. */
  copied: string | null;
  dialog: Dialog | null;
  /** The run whose changes are reviewed, in the place of list and panes; null: none is. */
  review: string | null;
  message: Message | null;
  putAway: ReadonlySet<string>;
  isDemo: boolean;
}

export const initialState: DashboardState = {
  view: null,
  projects: null,
  connection: 'connecting',
  showing: null,
  places: {},
  isFiltering: false,
  asked: nothingAsked,
  snoozed: new Map(),
  problems: [],
  zone: 'list',
  selected: null,
  pane: null,
  isZoomed: false,
  arrangement: firstArrangement,
  names: {},
  isTyping: false,
  isAfterLeader: false,
  copied: null,
  dialog: null,
  review: null,
  message: null,
  putAway: new Set(),
  isDemo: false,
};
