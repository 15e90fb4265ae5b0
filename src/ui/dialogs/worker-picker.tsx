import { Text, useInput } from 'ink';
import { useState } from 'react';
import type { WorkItem } from '../../app/views/work-items.ts';
import { plainText } from '../../base/text.ts';
import { dispatchedText } from '../../domain/dispatched-text.ts';
import { useModel } from '../app/use-model.ts';
import { ChoiceList } from '../kit/choice-list.tsx';
import { DialogFrame } from './dialog-frame.tsx';

/** Which worker takes the task: the first that can, or a named one; for one that is busy it waits. */
export function WorkerPicker({ screen, item }: { screen: { cols: number; rows: number }; item: WorkItem }) {
  const { model, state } = useModel();
  const workers = state.view?.workers ?? [];
  const choices = [
    {
      key: '',
      text: 'the first that can take it',
      note: workers.some((worker) => !worker.run && !worker.problem) ? '' : 'none is idle: it waits',
      disabled: null,
    },
    ...workers.map((worker) => ({
      key: worker.name,
      text: plainText(worker.name),
      note: `${worker.agent}, ${worker.mode}${worker.run ? `; has ${worker.run}: it waits` : ''}`,
      disabled: worker.problem,
    })),
  ];
  const firstIdle = workers.findIndex((worker) => !worker.run && !worker.problem) + 1;
  const [cursor, setCursor] = useState(firstIdle);

  useInput((input, key) => {
    if (key.escape || input === 'q') model.set({ dialog: null });
    else if (key.downArrow || input === 'j') setCursor(Math.min(choices.length - 1, cursor + 1));
    else if (key.upArrow || input === 'k') setCursor(Math.max(0, cursor - 1));
    else if (key.return || input === 'd') {
      const choice = choices[cursor];
      if (!choice || choice.disabled !== null) return;
      model.set({ dialog: null });
      void dispatch(choice.key || undefined);
    }
  });

  async function dispatch(worker: string | undefined) {
    const run = await model.ask((client) => client.call('run.dispatch', { task: item.task.id, worker }));
    if (run) model.say(dispatchedText(run), 'good');
  }

  return (
    <DialogFrame
      title={`Dispatch ${item.task.id}`}
      keys="enter dispatch · ↑↓ choose · esc back"
      screen={screen}
      cols={64}
      rows={Math.min(choices.length + 7, 19)}
    >
      <Text wrap="truncate">{plainText(item.task.title)}</Text>
      <Text> </Text>
      <ChoiceList choices={choices} cursor={cursor} rows={Math.min(choices.length, 12)} />
    </DialogFrame>
  );
}
