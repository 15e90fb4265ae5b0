import fuzzysort from 'fuzzysort';
import { useInput } from 'ink';
import { useState } from 'react';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { TextInput } from '../input/text-input.tsx';
import { type Action, perform } from '../keymap/actions.ts';
import type { Hands } from '../keymap/hands.ts';
import { useActions } from '../keymap/use-keymap.ts';
import { ChoiceList } from '../kit/choice-list.tsx';
import { DialogFrame } from './dialog-frame.tsx';

/** Of actions; on a high screen more of them. */
const rowsMin = 12;
const rowsMax = 30;
/** The frame, the field, and so much of the screen that one still sees where one is. */
const otherRows = 20;
/** On a wide screen there is room for why something cannot be done, too. */
const colsMin = 80;
const colsMax = 120;
const otherCols = 40;

/** Finds an action by a part of its name, and does it. The key is shown beside it, for the next time. */
export function Palette({ screen, hands }: { screen: { cols: number; rows: number }; hands: Hands }) {
  const { model } = useModel();
  const actions = useActions();
  const [query, setQuery] = useState('');
  const [cursor, setCursor] = useState(0);
  const usable = actions.filter((action) => action.id !== 'palette' && action.id !== 'pane' && action.id !== 'back');
  const found = query.trim() === '' ? usable : matching(usable, query);
  const choices = found.map((action) => {
    const key = action.keys[0] ?? '';
    const reason = action.unavailable?.(model) ?? null;
    const about = action.about?.(model) ?? null;
    const text = about === null ? action.title : `${action.title}: ${plainText(about)}`;
    return { key: action.id, text, note: key, disabled: reason && `${plainText(reason)}  ${key}` };
  });
  const rowsShown = Math.max(rowsMin, Math.min(rowsMax, screen.rows - otherRows));
  const cols = Math.max(colsMin, Math.min(colsMax, screen.cols - otherCols));
  const at = Math.min(cursor, Math.max(0, choices.length - 1));

  useInput((_input, key) => {
    if (key.escape) model.set({ dialog: null });
    else if (key.downArrow) setCursor(Math.min(choices.length - 1, at + 1));
    else if (key.upArrow) setCursor(Math.max(0, at - 1));
    else if (key.return) {
      const action = found[at];
      if (!action) return;
      model.set({ dialog: null });
      perform(action, model, hands);
    }
  });

  return (
    <DialogFrame
      title="Find an action"
      keys="enter do it · ↑↓ choose · esc back"
      screen={screen}
      cols={cols}
      rows={rowsShown + 6}
    >
      <TextInput
        width={Math.min(cols, screen.cols) - 4}
        placeholder="a part of its name"
        onChange={(value) => {
          setQuery(value);
          setCursor(0);
        }}
      />
      <ChoiceList choices={choices} cursor={at} rows={rowsShown} />
    </DialogFrame>
  );
}

/** The letters in their order, wherever in the title or the id; the best match first. */
function matching(usable: readonly Action[], query: string): Action[] {
  const found = fuzzysort.go(query, usable, { keys: ['title', 'id'], threshold: 0, limit: usable.length });
  return found.map(({ obj }) => obj);
}
