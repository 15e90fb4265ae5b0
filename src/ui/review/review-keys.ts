import type { DashboardModel } from '../app/dashboard-model.ts';
import type { Hands } from '../keymap/hands.ts';
import { findNextInView } from './find-in-view.ts';
import type { Review } from './review.ts';

/** What a key may act on. */
export interface ReviewHands {
  review: Review;
  model: DashboardModel;
  hands: Hands;
}

export interface ReviewKey {
  id: string;
  /** As `key-name.ts` of the keymap names them. */
  keys: string[];
  title: string;
  /** Shown on the last line when there is room. */
  hint?: string;
  /** Why it cannot be done now, or null. */
  unavailable?(on: ReviewHands): string | null;
  run(on: ReviewHands): void;
}

const needsOwnComment = ({ review }: ReviewHands) => {
  const { comment } = review.view;
  if (!comment) return 'go to a comment first';
  return comment.sentAt === null ? null : 'it was sent already';
};

/** Everything that the keyboard does in a review, beside the actions of the dashboard. The last line, the help and the reference come from it. */
export const reviewKeys: readonly ReviewKey[] = [
  {
    id: 'select',
    keys: ['v'],
    title: 'Select lines, for a comment on all of them',
    run: ({ review }) => review.view.toggleSelection(),
  },
  {
    id: 'comment',
    keys: ['c'],
    title: 'Comment on the line, or on those that are selected',
    hint: 'comment',
    run({ review, model }) {
      const place = review.view.place();
      if (typeof place === 'string') model.say(place);
      else review.open({ kind: 'comment', place });
    },
  },
  {
    id: 'open',
    keys: ['enter'],
    title: 'On a file: fold it. On a comment: change it. On a line: comment on it',
    run(on) {
      const { view } = on.review;
      if (view.row?.kind === 'file') view.toggleFold();
      else act(keyNamed(view.comment ? 'edit' : 'comment'), on);
    },
  },
  {
    id: 'edit',
    keys: ['e'],
    title: 'Change the comment',
    unavailable: needsOwnComment,
    run({ review }) {
      if (review.view.comment) review.open({ kind: 'edit', comment: review.view.comment });
    },
  },
  {
    id: 'remove',
    keys: ['x', 'delete'],
    title: 'Remove the comment',
    unavailable: needsOwnComment,
    run: ({ review }) => void (review.view.comment && review.remove(review.view.comment)),
  },
  {
    id: 'restore',
    keys: ['u'],
    title: 'Bring the comment back that was removed last',
    unavailable: ({ review }) => (review.canRestore ? null : 'none was removed'),
    run: ({ review }) => void review.restore(),
  },
  {
    id: 'send',
    keys: ['S'],
    title: 'Send back: all comments that were not sent go to the agent as one message',
    hint: 'send back',
    unavailable: ({ review }) => (review.unsent > 0 ? null : 'there is no comment that was not sent'),
    run: ({ review }) => void review.send(),
  },
  move('down', ['j', 'down'], 'Down', () => 1),
  move('up', ['k', 'up'], 'Up', () => -1),
  move('pageDown', ['pagedown', ' ', 'ctrl+f'], 'A page down', (page) => Math.max(1, page - 2)),
  move('pageUp', ['pageup', 'b', 'ctrl+b'], 'A page up', (page) => -Math.max(1, page - 2)),
  move('halfDown', ['ctrl+d'], 'Half a page down', (page) => Math.ceil(page / 2)),
  move('halfUp', ['ctrl+u'], 'Half a page up', (page) => -Math.ceil(page / 2)),
  move('first', ['g', 'home'], 'To the first line', () => Number.NEGATIVE_INFINITY),
  move('last', ['G', 'end'], 'To the last line', () => Number.POSITIVE_INFINITY),
  goTo('nextHunk', [']'], 'To the next change', 'hunk', 1),
  goTo('previousHunk', ['['], 'To the change before', 'hunk', -1),
  { ...goTo('nextFile', ['tab', '}'], 'To the next file', 'file', 1), hint: 'next file' },
  goTo('previousFile', ['{'], 'To the file before', 'file', -1),
  goTo('nextComment', [')'], 'To the next comment', 'comment', 1),
  goTo('previousComment', ['('], 'To the comment before', 'comment', -1),
  {
    id: 'right',
    keys: ['right', 'l'],
    title: 'See more of long lines on the right',
    run: ({ review }) => review.view.sideways(1),
  },
  { id: 'left', keys: ['left', 'h'], title: 'Back to the left', run: ({ review }) => review.view.sideways(-1) },
  {
    id: 'fold',
    keys: ['z'],
    title: 'Fold the file, or unfold it',
    hint: 'fold',
    run: ({ review }) => review.view.toggleFold(),
  },
  {
    id: 'foldAll',
    keys: ['Z'],
    title: 'Fold all files, or unfold them',
    run: ({ review }) => review.view.toggleFolds(),
  },
  {
    id: 'sides',
    keys: ['s'],
    title: 'Side by side, or one below the other',
    hint: 'side by side',
    unavailable: ({ review }) => (review.view.hasRoomForSides ? null : 'it needs 120 columns'),
    run: ({ review }) => review.view.toggleSides(),
  },
  {
    id: 'wrap',
    keys: ['w'],
    title: 'Break long lines, or cut them',
    hint: 'wrap',
    run: ({ review }) => review.view.toggleWrap(),
  },
  { id: 'search', keys: ['/'], title: 'Search', hint: 'search', run: ({ review }) => review.open({ kind: 'search' }) },
  found('nextMatch', ['n'], 'To the next place that was found', 1),
  found('previousMatch', ['N'], 'To the one before', -1),
  { id: 'reload', keys: ['r'], title: 'Read the diff again', run: ({ review }) => void review.load() },
  {
    id: 'back',
    keys: ['q', 'escape'],
    title: 'Back: out of the selection, out of the search, to the panes',
    hint: 'back',
    run({ review, model }) {
      if (!review.view.letGo()) model.set({ review: null });
    },
  },
  { id: 'quit', keys: ['ctrl+c'], title: 'Leave the dashboard; the agents go on', run: ({ hands }) => hands.quit() },
];

/** Does what the key is for, of those that are in force, or says why not. False: it is for nothing here. */
export function press(name: string, on: ReviewHands, bound: readonly ReviewKey[]): boolean {
  const found = bound.find(({ keys }) => keys.includes(name));
  if (found) act(found, on);
  return found !== undefined;
}

function act(key: ReviewKey, on: ReviewHands): void {
  const reason = key.unavailable?.(on) ?? null;
  if (reason === null) key.run(on);
  else on.model.say(`${key.hint ?? key.title}: ${reason}.`);
}

function keyNamed(id: string): ReviewKey {
  return reviewKeys.find((key) => key.id === id) as ReviewKey;
}

/** Who waits for a diff in vain can leave. */
export function leaves(name: string, bound: readonly ReviewKey[]): boolean {
  return bound.some(({ id, keys }) => (id === 'back' || id === 'quit') && keys.includes(name));
}

function move(id: string, keys: string[], title: string, rows: (page: number) => number): ReviewKey {
  return { id, keys, title, run: ({ review: { view } }) => view.move(rows(view.page)) };
}

function goTo(id: string, keys: string[], title: string, kind: 'file' | 'hunk' | 'comment', step: 1 | -1): ReviewKey {
  return { id, keys, title, run: ({ review }) => review.view.goToNext(kind, step) };
}

function found(id: string, keys: string[], title: string, step: 1 | -1): ReviewKey {
  return {
    ...{ id, keys, title },
    unavailable: ({ review }) => (review.view.search ? null : 'nothing is searched for; {review.search} does'),
    run: ({ review }) => void findNextInView(review.view, step),
  };
}
