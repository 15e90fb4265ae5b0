import { createContext, useContext } from 'react';
import type { Keymap } from './bind-keys.ts';

/** The keys that are in force. */
export const KeymapContext = createContext<Keymap>({ actions: [], problems: [] });

export function useActions(): Keymap['actions'] {
  return useContext(KeymapContext).actions;
}

/** Gives each `{task.new}` of a text the key that is in force; an action without one is found in the palette. */
export function useKeyWords(): (text: string) => string {
  const actions = useActions();
  return (text) =>
    text.replace(/\{([\w.]+)\}/g, (whole, id: string) => {
      const action = actions.find((candidate) => candidate.id === id);
      return action ? (action.keys[0] ?? `“${id}” in the palette`) : whole;
    });
}
