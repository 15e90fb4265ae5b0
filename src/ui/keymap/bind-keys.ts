import { nearestWord } from '../../base/nearest-word.ts';
import { type CopyKey, copyKeys } from '../copy/copy-keys.ts';
import { type ReviewKey, reviewKeys } from '../review/review-keys.ts';
import { type Action, actions } from './actions.ts';

/** What each key does, as the person bound them. */
export interface Keymap {
  actions: readonly Action[];
  /** In the review of a run; in the settings their ids begin with `review.` */
  review: readonly ReviewKey[];
  /** In copy mode; `copy.` */
  copy: readonly CopyKey[];
  /** What of the settings cannot be done, in words. */
  problems: readonly KeyProblem[];
}

export interface KeyProblem {
  /** Of the setting that brought it about: an id as it stands in `keys.actions`. */
  id: string;
  text: string;
}

/** As in `keys.actions`: by the id of an action its key, its keys, or none. */
export type KeyBindings = Readonly<Record<string, string | readonly string[]>>;

interface Row {
  id: string;
  keys: readonly string[];
}

/** Rows whose keys may not be the same; those of another place may. */
const places: readonly { prefix: string; rows: readonly Row[] }[] = [
  { prefix: '', rows: actions },
  { prefix: 'review.', rows: reviewKeys },
  { prefix: 'copy.', rows: copyKeys },
];
const ids = places.flatMap(({ prefix, rows }) => rows.map(({ id }) => prefix + id));

/** Bound keys win over those that actions have by default; of two that are bound in one place the first. */
export function bindKeys(bindings: KeyBindings, leader: string): Keymap {
  const problems: KeyProblem[] = [];
  const tell = (id: string, what: string) => void problems.push({ id, text: `keys.actions.${id}: ${what}` });
  for (const id of Object.keys(bindings)) {
    const nearest = ids.includes(id) ? null : nearestWord(id, ids);
    if (!ids.includes(id)) tell(id, `no action has this name.${nearest ? ` Did you mean ${nearest}?` : ''}`);
    else if (fixed.has(id)) tell(id, 'its key cannot be changed here.');
  }
  const bind = <Bound extends Row>(prefix: string, rows: readonly Bound[]) =>
    bindRows(prefix, rows, bindings, leader, tell);
  return { actions: bind('', actions), review: bind('review.', reviewKeys), copy: bind('copy.', copyKeys), problems };
}

function bindRows<Bound extends Row>(
  prefix: string,
  rows: readonly Bound[],
  bindings: KeyBindings,
  leader: string,
  tell: (id: string, what: string) => void,
): Bound[] {
  const bound = new Map<string, string[]>();
  const holders = new Map<string, string>();
  const isOwn = (id: string) => !fixed.has(id) && rows.some((row) => prefix + row.id === id);
  for (const [id, given] of Object.entries(bindings)) {
    if (!isOwn(id)) continue;
    const keys = [given].flat().map(usualName);
    bound.set(
      id,
      keys.filter((key) => isFree(key, id)),
    );
  }
  return rows.map((row) => {
    const id = prefix + row.id;
    const keys = bound.get(id) ?? row.keys.filter((key) => !holders.has(key));
    if (keys.length === 0 && row.keys.length > 0 && !bound.has(id)) {
      const takers = row.keys.map((key) => holders.get(key) ?? '');
      tell(takers[0] ?? '', `this was the key of ${id}, which has none now. Give that another.`);
    }
    return { ...row, keys };
  });

  function isFree(key: string, id: string): boolean {
    const holder = holders.get(key);
    const problem = !isKey(key)
      ? `“${key}” is not a key that can be bound: one character, ctrl+a to ctrl+z, or ${named.join(', ')}`
      : key === leader
        ? `${key} is the leader`
        : holder !== undefined
          ? `${key} is ${holder} already`
          : null;
    if (problem === null) holders.set(key, id);
    else tell(id, `${problem}.`);
    return problem === null;
  }
}

/** The leader has a setting of its own, and digits are panes. */
const fixed = new Set(['pane.leader', 'pane']);

const named = [
  ...['up', 'down', 'left', 'right', 'pageup', 'pagedown', 'home', 'end'],
  ...['enter', 'escape', 'tab', 'backspace', 'delete', 'space'],
];

/** `Space` and `Ctrl+X` as key presses are named. */
function usualName(key: string): string {
  const lower = key.toLowerCase();
  if (lower === 'space') return ' ';
  return key.length > 1 ? lower : key;
}

function isKey(key: string): boolean {
  if (/^ctrl\+[a-z]$/.test(key)) return !['ctrl+h', 'ctrl+i', 'ctrl+j', 'ctrl+m'].includes(key);
  return named.includes(key) || (/^[^1-9\p{Cc}]$/u.test(key) && [...key].length === 1);
}
