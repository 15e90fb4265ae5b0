import { useInput } from 'ink';
import { useState } from 'react';
import type { WorkItem } from '../../app/views/work-items.ts';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { ChoiceList } from '../kit/choice-list.tsx';
import { DialogFrame } from './dialog-frame.tsx';

/** Which open tasks the task waits for: each can be switched on and off. */
export function DependencyPicker({ screen, item }: { screen: { cols: number; rows: number }; item: WorkItem }) {
  const { model } = useModel();
  const [cursor, setCursor] = useState(0);
  const task = model.items.find((candidate) => candidate.task.id === item.task.id)?.task ?? item.task;
  const others = model.items.filter(({ task: other }) => other.id !== task.id && other.status === 'open');
  const choices = others.map(({ task: other }) => ({
    key: other.id,
    text: `${task.dependsOn.includes(other.id) ? '[x]' : '[ ]'} ${plainText(other.title)}`,
    note: other.id,
    disabled: null,
  }));
  const rows = Math.min(Math.max(choices.length, 1), 14);

  useInput((input, key) => {
    if (key.escape || input === 'q') model.set({ dialog: null });
    else if (key.downArrow || input === 'j') setCursor(Math.min(choices.length - 1, cursor + 1));
    else if (key.upArrow || input === 'k') setCursor(Math.max(0, cursor - 1));
    else if (key.return || input === ' ') {
      const dependsOn = choices[cursor]?.key;
      if (!dependsOn) return;
      const name = task.dependsOn.includes(dependsOn) ? 'task.dep.remove' : 'task.dep.add';
      void model.ask((client) => client.call(name, { id: task.id, dependsOn }));
    }
  });

  return (
    <DialogFrame
      title={`${task.id} waits for`}
      keys="space on or off · ↑↓ choose · esc done"
      screen={screen}
      cols={72}
      rows={rows + 5}
    >
      <ChoiceList
        choices={choices.length > 0 ? choices : [{ key: '', text: 'no other open task', note: '', disabled: '' }]}
        cursor={cursor}
        rows={rows}
      />
    </DialogFrame>
  );
}
