import { nearestWord } from '../../base/nearest-word.ts';
import { type Action, actions } from './actions.ts';

/** The actions with the keys that the person gave them. */
export interface Keymap {
  actions: readonly Action[];
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

/** Bound keys win over those that actions have by default; of two that are bound the first. */
export function bindKeys(bindings: KeyBindings, leader: string): Keymap {
  const problems: KeyProblem[] = [];
  const bound = new Map<string, string[]>();
  const holders = new Map<string, string>();
  for (const [id, given] of Object.entries(bindings)) {
    if (!actions.some((action) => action.id === id)) {
      const nearest = nearestWord(
        id,
        actions.map((action) => action.id),
      );
      tell(id, `no action has this name.${nearest ? ` Did you mean ${nearest}?` : ''}`);
      continue;
    }
    if (fixed.has(id)) {
      tell(id, 'its key cannot be changed here.');
      continue;
    }
    const keys = [given].flat().map(usualName);
    bound.set(
      id,
      keys.filter((key) => isFree(key, id)),
    );
  }
  const rebound = actions.map((action) => {
    const keys = bound.get(action.id) ?? action.keys.filter((key) => !holders.has(key));
    if (keys.length === 0 && action.keys.length > 0 && !bound.has(action.id)) {
      const takers = action.keys.map((key) => holders.get(key) ?? '');
      tell(takers[0] ?? '', `this was the key of ${action.id}, which has none now. Give that another.`);
    }
    return { ...action, keys };
  });
  return { actions: rebound, problems };

  function tell(id: string, what: string): void {
    problems.push({ id, text: `keys.actions.${id}: ${what}` });
  }

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
