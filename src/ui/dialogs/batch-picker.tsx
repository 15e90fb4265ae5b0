import { useInput } from 'ink';
import { useEffect, useState } from 'react';
import type { OutputOf } from '../../app/operations.ts';
import type { WorkItem } from '../../app/views/work-items.ts';
import { plainText } from '../../base/text.ts';
import { useModel } from '../app/use-model.ts';
import { TextInput } from '../input/text-input.tsx';
import { type Choice, ChoiceList } from '../kit/choice-list.tsx';
import { DialogFrame } from './dialog-frame.tsx';

const rowsShown = 10;

/** Which batch the task is in: another, a new one by the name that is typed, or none. */
export function BatchPicker({ screen, item }: { screen: { cols: number; rows: number }; item: WorkItem }) {
  const { model } = useModel();
  const [batches, setBatches] = useState<OutputOf<'batch.list'>>([]);
  const [typed, setTyped] = useState('');
  const [cursor, setCursor] = useState(0);
  const { id } = item.task;
  const present = batches.find(({ tasks }) => tasks.some((task) => task.id === id))?.name;
  const found = batches.filter(({ name }) => name.includes(typed));
  const isNew = typed !== '' && !batches.some(({ name }) => name === typed);
  const choices: Choice[] = found.map(({ name, closed, tasks }) => ({
    key: name,
    text: `${name === present ? '[x]' : '[ ]'} ${plainText(name)}`,
    note: `${closed}/${tasks.length} done`,
    disabled: null,
  }));
  if (isNew) choices.push({ key: typed, text: `a new batch: ${plainText(typed)}`, note: '', disabled: null });
  const at = Math.min(cursor, Math.max(0, choices.length - 1));

  useEffect(() => {
    let isShown = true;
    const read = async () => {
      const listed = await model.ask((client) => client.call('batch.list', {}));
      if (isShown && listed) setBatches(listed);
    };
    void read();
    return () => {
      isShown = false;
    };
  }, [model]);

  useInput((_input, key) => {
    if (key.escape) model.set({ dialog: null });
    else if (key.downArrow) setCursor(Math.min(Math.max(0, choices.length - 1), at + 1));
    else if (key.upArrow) setCursor(Math.max(0, at - 1));
    else if (key.return && choices[at]) {
      model.set({ dialog: null });
      void choose(choices[at].key);
    }
  });

  /** The batch that it is in is left; a new one is made first, since its name may be refused. */
  async function choose(name: string) {
    const said = await model.ask(async (client) => {
      if (isNew && name === typed) await client.call('batch.create', { name });
      if (present) await client.call('batch.remove', { name: present, tasks: [id] });
      if (name === present) return `${id} is in no batch any more.`;
      await client.call('batch.add', { name, tasks: [id] });
      return `${id} is in the batch ${name}.`;
    });
    if (said) model.say(said, 'good');
  }

  return (
    <DialogFrame
      title={`${id} in a batch`}
      keys="enter in or out · type a new name · ↑↓ choose · esc back"
      screen={screen}
      cols={64}
      rows={rowsShown + 6}
    >
      <TextInput
        width={Math.min(60, screen.cols - 4)}
        placeholder="the name of a batch"
        onChange={(text) => {
          setTyped(text.trim());
          setCursor(0);
        }}
      />
      <ChoiceList choices={choices} cursor={at} rows={rowsShown} />
    </DialogFrame>
  );
}
