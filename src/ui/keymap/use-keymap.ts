import { createContext, useContext } from 'react';
import type { Keymap } from './bind-keys.ts';
import { keyOf } from './key-of.ts';

/** The keys that are in force. */
export const KeymapContext = createContext<Keymap>({ actions: [], review: [], copy: [], problems: [] });

export function useKeymap(): Keymap {
  return useContext(KeymapContext);
}

export function useActions(): Keymap['actions'] {
  return useKeymap().actions;
}

/** Gives each `{task.new}` of a text the key that is in force; an action without one is found in the palette. */
export function useKeyWords(): (text: string) => string {
  const keymap = useKeymap();
  return (text) =>
    text.replace(/\{([\w.]+)\}/g, (whole, id: string) => {
      const key = keyOf(keymap, id);
      return key === undefined ? whole : (key ?? `“${id}” in the palette`);
    });
}
