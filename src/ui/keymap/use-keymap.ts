import { createContext, useContext } from 'react';
import { actions } from './actions.ts';
import type { Keymap } from './bind-keys.ts';

/** The keys that are in force. */
export const KeymapContext = createContext<Keymap>({ actions, problems: [] });

export function useActions(): Keymap['actions'] {
  return useContext(KeymapContext).actions;
}
