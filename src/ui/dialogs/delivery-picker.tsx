import { useInput } from 'ink';
import { useState } from 'react';
import type { Run } from '../../domain/run.ts';
import { useModel } from '../app/use-model.ts';
import { ChoiceList } from '../kit/choice-list.tsx';
import { DialogFrame } from './dialog-frame.tsx';

const choices = [
  { key: 'branch', text: 'a branch', note: 'pushed, if the settings say so', disabled: null },
  { key: 'pr', text: 'a pull request', note: 'by codeHost.command', disabled: null },
  { key: 'patch', text: 'a patch', note: 'a file for git am', disabled: null },
  { key: 'commit', text: 'a commit', note: 'on its branch', disabled: null },
] as const;

/** As what the work of an ended run is delivered. */
export function DeliveryPicker({ screen, run }: { screen: { cols: number; rows: number }; run: Run }) {
  const { model } = useModel();
  const [cursor, setCursor] = useState(0);

  useInput((input, key) => {
    if (key.escape || input === 'q') model.set({ dialog: null });
    else if (key.downArrow || input === 'j') setCursor(Math.min(choices.length - 1, cursor + 1));
    else if (key.upArrow || input === 'k') setCursor(Math.max(0, cursor - 1));
    else if (key.return) {
      model.set({ dialog: null });
      void deliver(choices[cursor]?.key ?? 'branch');
    }
  });

  async function deliver(as: (typeof choices)[number]['key']) {
    const outcome = await model.ask((client) => client.call('run.deliver', { run: run.id, as }));
    if (outcome?.type === 'conflicted') {
      model.say(`It does not merge with ${outcome.against}: ${outcome.files.join(', ')}`, 'bad');
    } else if (outcome) model.say(outcome.reason, outcome.type === 'done' ? 'good' : 'bad');
  }

  return (
    <DialogFrame
      title={`Deliver ${run.id}`}
      keys="enter deliver · ↑↓ choose · esc back"
      screen={screen}
      cols={64}
      rows={choices.length + 5}
    >
      <ChoiceList choices={choices} cursor={cursor} rows={choices.length} />
    </DialogFrame>
  );
}
