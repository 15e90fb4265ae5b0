import { Text, useInput } from 'ink';
import { useEffect, useState } from 'react';
import type { OutputOf } from '../../app/operations.ts';
import { age } from '../../base/age.ts';
import { counted } from '../../base/counted.ts';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { type Choice, ChoiceList } from '../kit/choice-list.tsx';
import { DialogFrame } from './dialog-frame.tsx';

type Listed = OutputOf<'checkpoint.list'>['checkpoints'];

/** To which checkpoint the worktree of a run is taken back, newest first. */
export function RewindPicker({ screen, run }: { screen: { cols: number; rows: number }; run: string }) {
  const { model } = useModel();
  const [listed, setListed] = useState<Listed | null>(null);
  const [cursor, setCursor] = useState(0);
  const choices = (listed ?? []).map(choiceOf);

  useEffect(() => {
    let isShown = true;
    const read = async () => {
      const found = await model.ask((client) => client.call('checkpoint.list', { run }));
      if (isShown) setListed(found?.checkpoints.toReversed() ?? []);
    };
    void read();
    return () => {
      isShown = false;
    };
  }, [model, run]);

  useInput((input, key) => {
    if (key.escape || input === 'q' || input === 'R') model.set({ dialog: null });
    else if (key.downArrow || input === 'j') setCursor(Math.min(Math.max(0, choices.length - 1), cursor + 1));
    else if (key.upArrow || input === 'k') setCursor(Math.max(0, cursor - 1));
    else if (key.return && listed?.[cursor]) {
      model.set({ dialog: null });
      void goBack(listed[cursor].number);
    }
  });

  async function goBack(checkpoint: number) {
    const rewound = await model.ask((client) => client.call('run.rewind', { run, checkpoint }));
    if (!rewound) return;
    const undo = `What was there is kept: forge worktree restore ${run}`;
    if (rewound.kept) model.say(`${run} is as it was at checkpoint ${checkpoint}. ${undo}`, 'good');
    else model.say(`${run} is as it was at checkpoint ${checkpoint} already.`);
  }

  return (
    <DialogFrame
      title={`Take ${run} back`}
      keys="enter take back · ↑↓ choose · esc back"
      screen={screen}
      cols={72}
      rows={Math.min(Math.max(choices.length, 1) + 7, 21)}
    >
      <Text wrap="truncate">Files, staged changes and branch; what is there now is kept first.</Text>
      <Text> </Text>
      {choices.length > 0 ? (
        <ChoiceList choices={choices} cursor={cursor} rows={Math.min(choices.length, 14)} />
      ) : (
        <Text>{listed ? 'There is no checkpoint yet.' : 'reading…'}</Text>
      )}
    </DialogFrame>
  );
}

function choiceOf({ number, at, why, files }: Listed[number]): Choice {
  const changed = `${counted(files, 'file')} changed`;
  const text = `${number}  ${age(Date.now() - at)} ago  before ${plainText(why)}`;
  return { key: String(number), text, note: changed, disabled: null };
}
